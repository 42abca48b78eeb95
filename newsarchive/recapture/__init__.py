"""Stored pages read again, and pages that others collected taken in. No network."""
