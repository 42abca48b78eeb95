"""The small markup the demo's articles are written in, and its two readings: HTML for the page, plain text for the manifest.

Blocks are separated by blank lines. `## ` starts a heading, `- ` a list item, `> ` a quote, `!name| ` a picture with its
caption; anything else is a paragraph. Inside a block `*word*` is emphasis and `[words](target)` a link, where
`@slug` names another article of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from newsarchive.model.article import BlockKind

_INLINE = re.compile(r"\*(?P<em>[^*]+)\*|\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)")
_MARKS: tuple[tuple[str, BlockKind], ...] = (("## ", "heading"), ("- ", "list_item"), ("> ", "quote"))

Resolve = Callable[[str], str]
"""Turns a link target (`@slug`, a path or an address) into an href."""


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """One block of an article as its author wrote it."""

    kind: BlockKind
    source: str
    """The block's text with inline markup, without the mark that gave its kind."""
    picture: str | None = None
    """Name of the picture, for captions."""

    @property
    def text(self) -> str:
        """What a reader sees: white space folded, no markup."""
        plain = _INLINE.sub(lambda match: match["em"] or match["words"], self.source)
        return " ".join(plain.split())

    def html(self, resolve: Resolve, *, em: str = "em") -> str:
        """The block's inline HTML, escaped, links resolved."""
        pieces: list[str] = []
        end = 0
        source = " ".join(self.source.split())
        for match in _INLINE.finditer(source):
            pieces.append(escape(source[end : match.start()], quote=False))
            if match["em"]:
                pieces.append(f"<{em}>{escape(match['em'], quote=False)}</{em}>")
            else:
                pieces.append(f'<a href="{escape(resolve(match["target"]))}">{escape(match["words"], quote=False)}</a>')
            end = match.end()
        pieces.append(escape(source[end:], quote=False))
        return "".join(pieces)


def parse_prose(text: str) -> tuple[ProseBlock, ...]:
    """The blocks of an article's source text, in order."""
    return tuple(_block(chunk.strip()) for chunk in re.split(r"\n\s*\n", text.strip()) if chunk.strip())


def _block(chunk: str) -> ProseBlock:
    for mark, kind in _MARKS:
        if chunk.startswith(mark):
            return ProseBlock(kind, chunk[len(mark) :].strip())
    if chunk.startswith("!"):
        name, _, caption = chunk[1:].partition("|")
        return ProseBlock("caption", caption.strip(), name.strip())
    return ProseBlock("paragraph", chunk)
