"""A page, read once: address, flags, tree, blocks and the raw text of its scripts. Everything an extractor needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from newsarchive.pages.blocks import Block, Layout, find_layout
from newsarchive.pages.tree import Element, Tree
from newsarchive.text import fold
from newsarchive.urls import absolute

MAX_META_CHARS = 20_000
"""Characters read of one `<meta>`. Keyword lists of a few thousand exist; rules about titles are quadratic in theirs."""

MAX_TITLE_CHARS = 2000
"""Characters read of `<title>`; the longest in the bench has some 300."""


@dataclass(frozen=True, slots=True)
class Script:
    """A `<script>` with its attributes and its text as parsed."""

    attrs: dict[str, str]
    text: str

    @property
    def kind(self) -> str:
        """The `type` without parameters, in lower case; empty for plain JavaScript."""
        return self.attrs.get("type", "").split(";")[0].strip().lower()


@dataclass(eq=False)
class Document:
    """One page, guarded, decoded and parsed. Built by `pages.read.read_page`."""

    url: str | None
    """The page's address; None where it is not known (links then stay unresolved)."""
    tree: Tree
    encoding: str
    """The Python codec the bytes were read with."""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    """Response headers that matter, names in lower case."""
    flags: list[str] = field(default_factory=list)
    """`mojibake`, `truncated`, `depth_cut`, `charset_overruled`, ..."""
    html: str = field(default="", repr=False)
    """The decoded page as it was parsed."""

    @cached_property
    def base_url(self) -> str:
        """The address that links are resolved against: `<base href>` where it gives an http(s) address, else the page's."""
        own = self.url or ""
        for element in self.tree.by_tag("base"):
            href = element.attrs.get("href", "").strip()
            if href:
                try:
                    joined = urljoin(own, href)
                except ValueError:
                    continue
                return joined if joined.lower().startswith(("http://", "https://")) else own
        return own

    def release(self) -> None:
        """Let go of the tree, for when the page has been read: nothing of the document may be used afterwards.

        Elements hold their parents and parents their children, which only the garbage collector could take apart: it looked
        at every object of a page for that, a tenth of the time a page takes.
        """
        self.tree.release()

    def resolve(self, href: str) -> str | None:
        """A link of the page as an absolute http(s) address without fragment; None for any other kind of link."""
        return absolute(href, self.base_url)

    @cached_property
    def layout(self) -> Layout:
        """The text blocks of the page and the containers that group them; made once, shared by all extractors."""
        return find_layout(self.tree.body or self.tree.root)

    @property
    def blocks(self) -> list[Block]:
        """The text blocks of the page in order."""
        return self.layout.blocks

    @cached_property
    def scripts(self) -> list[Script]:
        """All scripts with text (JSON-LD, embedded state, ...) in page order."""
        found = (Script(element.attrs, element.raw_text) for element in self.tree.by_tag("script"))
        return [script for script in found if script.text]

    @cached_property
    def metas(self) -> list[tuple[str, str]]:
        """(name, content) of every `<meta>` with `property`, `name`, `itemprop` or `http-equiv`; names in lower case, content folded."""
        found = []
        for element in self.tree.by_tag("meta"):
            attrs = element.attrs
            names = [name for key in ("property", "name", "itemprop", "http-equiv") if key in attrs for name in attrs[key].lower().split()]
            if names and "content" in attrs:
                content = fold(attrs["content"][:MAX_META_CHARS])
                found += [(name, content) for name in names]
        return found

    def meta(self, *names: str) -> str | None:
        """The first non-empty content of the first of these names that the page has."""
        table = self._meta_table
        for name in names:
            if name in table:
                return table[name]
        return None

    @cached_property
    def _meta_table(self) -> dict[str, str]:
        table: dict[str, str] = {}
        for name, content in self.metas:
            if content:
                table.setdefault(name, content)
        return table

    @cached_property
    def head_title(self) -> str | None:
        """The text of `<title>`, folded; None where it is missing or empty."""
        for element in self.tree.by_tag("title"):
            if element.parent is None or not element.within("svg"):
                text = fold(element.raw_text[:MAX_TITLE_CHARS])
                if text:
                    return text
        return None

    @cached_property
    def language(self) -> str | None:
        """The `lang` of `html` as written."""
        attrs = self.tree.html_attrs
        return attrs.get("lang") or attrs.get("xml:lang") or None

    def link_rel(self, rel: str) -> list[Element]:
        """The `<link>` elements with this relation."""
        return [element for element in self.tree.by_tag("link") if "rel" in element.attrs and rel in element.attrs["rel"].lower().split()]
