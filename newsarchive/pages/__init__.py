"""Bytes to a guarded, decoded, once-parsed tree, and the page as a sequence of text blocks that all extractors share."""
