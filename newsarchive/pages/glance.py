"""A glance at a page before the guard: most are so small and plain that no parser can be made to take long over them.

The guard takes a page apart tag by tag. This runs one pattern from the page's beginning to its end, which takes less than half
of the time, and leaves every page to the guard that it does not get through. What it cannot tell, how deep the page nests, is
read from the tree: with so few tags even the deepest is parsed in time.
"""

from __future__ import annotations

import re

from newsarchive.pages.guard import MAX_ATTRIBUTES, MAX_DATA_URI_CHARS, MAX_DEPTH, MAX_REOPENED
from newsarchive.pages.markup import ATTRIBUTE, COMMENT, NO_TAG, RAW
from newsarchive.pages.tree import Tree

MAX_PLAIN_TAGS = 10_000
"""Tags, start and end, of a page that is only glanced at: nested in each other they take Lexbor 0.1 s. 2 % of the bench pages have more."""

_GAP = r"[\t\n\f\r />]"
_ATTRIBUTES = rf"(?:{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+[\t\n\f\r /]*+"
_RAW = f"(?i:{'|'.join(RAW)})"
_SHAPE = (
    rf"/?+(?!(?:{_RAW}|(?i:svg|math|foreignobject|desc|annotation-xml)){_GAP})[a-zA-Z][^\t\n\f\r />]*+{_ATTRIBUTES}>|{COMMENT}|"
    + "|".join(rf"(?i:{name})(?={_GAP}){_ATTRIBUTES}>[^<]*+</(?i:{name})[\t\n\f\r ]*+>" for name in ("style", "title"))
)
"""What may stand in a drawing: nothing that HTML and SVG read in different ways."""

_DRAWING = rf"(?i:svg)(?={_GAP}){_ATTRIBUTES}(?:(?<=/)>|>[^<]*+(?:<(?:{_SHAPE})[^<]*+)*</(?i:svg)[\t\n\f\r ]*+>)"
_TAG = (
    # The first letter alone tells most from the elements that are read in other ways.
    rf"/?+(?:[abcdefghjklopqruvwyzABCDEFGHJKLOPQRUVWYZ]|(?!(?:{_RAW}|(?i:svg|math)){_GAP})[a-zA-Z])[^\t\n\f\r />]*+{_ATTRIBUTES}>"
    rf"|/{_RAW}[\t\n\f\r ]*+>"
)
_HOLDERS = "|".join(rf"(?i:{name})(?={_GAP}){_ATTRIBUTES}>[^<]*+(?:<(?!/(?i:{name}){_GAP})[^<]*+)*+" for name in RAW)
"""Elements whose content is no markup, with that content. One alternative each: Python 3.11 fails on a group in such a repeat."""

_PLAIN = re.compile(rf"[^<]*+(?:<(?:{_TAG}|{_HOLDERS}|{_DRAWING}|{NO_TAG}|(?![a-zA-Z!?/]))[^<]*+)*+")
"""A page whose tags all have few attributes, and whose drawings hide nothing."""

_FORMATTING_START = re.compile(
    r"<[bcefistu](?:[\t\n\f\r />]|(?:ig|ode|m|ont|mall|trike|trong|t)[\t\n\f\r />])",
    re.IGNORECASE,
)
"""Start tags of formatting elements, and a few that are none."""

_DATA = "data:"
_LONG_ADDRESS = re.compile(r"""[^"'\s>]""" + f"{{{MAX_DATA_URI_CHARS}}}")


def is_plain(text: str) -> bool:
    """Whether a page is harmless but for its depth: few tags, none with too many attributes, no masses of formatting elements."""
    tags = text.count("<")
    if tags > MAX_PLAIN_TAGS or _has_long_address(text):
        return False
    read = _PLAIN.match(text)
    if read is None or read.end() < len(text):
        return False
    # Each formatting element can be opened again at most once for each tag.
    return len(_FORMATTING_START.findall(text)) * tags <= MAX_REOPENED


def is_deep(tree: Tree) -> bool:
    """Whether a page nests deeper than the guard allows."""
    return max([element.depth for element in tree.elements]) > MAX_DEPTH


def _has_long_address(text: str) -> bool:
    """Whether there may be a `data:` address that the guard would cut."""
    at = text.find(_DATA)
    while at >= 0:
        at += len(_DATA)
        if _LONG_ADDRESS.match(text, at):
            return True
        at = text.find(_DATA, at)
    return False
