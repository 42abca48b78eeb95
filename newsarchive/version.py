"""The version of newsarchive, in the one place that everything else reads."""

__version__ = "0.1.0"

EXTRACTOR = "newsarchive"
"""Name of our extraction engine, as archives record it beside each article."""

EXTRACTOR_VERSION = "3"
"""Version of the extraction engine. Raise it in every change that can alter an extracted field:
archives tell a publisher's edit from a better reading by it."""
