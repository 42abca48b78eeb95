"""The second opinion: what trafilatura takes for the body. The only file that imports it.

It is asked on the pages the block model is least sure of, for text alone: asked for metadata it is quadratic on broken
JSON-LD, and it drops pages for one odd character, which the cleaned text no longer has. It is spared its own comparison with
jusText and readability (`fast`): a third of its time, and on the bench no set's F1 differs by more than 0.0005.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from types import ModuleType

from newsarchive.pages.document import Document

MAX_CHARS = 3_000_000
"""Characters of a page that is still given to trafilatura; it needs about 0.1 s for each million."""

MAX_ELEMENTS = 30_000
"""Elements of such a page. The most in the bench is 11,000; with 40,000 links the opinion takes 15 s, and the page its worker."""

_SQUEEZE = re.compile(r"\W+")
_LINE_CHARS = 15
"""Letters and digits of a block that are looked for at least: shorter ones stand everywhere."""
_PROBE_CHARS = 80


@lru_cache(maxsize=1)
def _trafilatura() -> ModuleType:
    """Loaded when first needed: it takes a third of a second."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura


def second_opinion(document: Document) -> str:
    """The body text by trafilatura, lines apart; empty where it finds none or fails."""
    if not document.html or len(document.html) > MAX_CHARS or len(document.tree.elements) > MAX_ELEMENTS:
        return ""
    try:
        text = _trafilatura().extract(document.html, url=document.url, include_comments=False, output_format="txt", fast=True)
    except Exception:  # noqa: BLE001 - another extractor's fault on a page is no fault of the page: it has no opinion
        return ""
    return str(text or "")


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case: what texts are compared by."""
    return _SQUEEZE.sub("", text.lower())


def membership(document: Document, opinion: str) -> list[bool]:
    """For each block whether it stands in the opinion."""
    whole = squeezed(opinion)
    result = []
    for block in document.blocks:
        key = squeezed(block.text)
        result.append(len(key) > _LINE_CHARS and key[:_PROBE_CHARS] in whole)
    return result
