"""The pages, one module each: what is asked, read from the archive into a dataclass."""
