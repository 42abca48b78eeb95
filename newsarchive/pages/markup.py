"""Pieces of markup as the HTML standard's tokenizer cuts them, as patterns. Possessive throughout: none looks at a character twice."""

from __future__ import annotations

ATTRIBUTE = (
    r"[\t\n\f\r /]*+(?:=?[^\t\n\f\r />=]++|=)"
    r"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?+)?+"""
)
"""An attribute with what parts it from the tag's name or the attribute before."""

COMMENT = r"!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
NO_TAG = rf"{COMMENT}|[!?/][^>]*+(?:>|\Z)"
"""A comment, then what browsers take for one: document types, processing instructions, </ before anything but a letter."""

RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""Elements whose content is no markup."""
