"""Parsing and extraction in processes of their own, which can be killed without loss when a page hangs or exhausts them."""
