"""Frozen dataclasses that the stages hand to each other. They know nothing of Scrapy, SQLite or the network."""
