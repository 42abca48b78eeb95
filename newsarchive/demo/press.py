"""The page templates of the demo newspaper by name, and how each one's page becomes bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsarchive.demo.templates import graph, soup, tables, wordpress
from newsarchive.demo.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One page template."""

    render: Callable[[View], str]
    charset: str = "utf-8"
    """Python codec of the page's bytes; characters it lacks become references."""
    content_type: str = "text/html; charset=utf-8"
    """The Content-Type header it is served with."""

    def page(self, view: View) -> bytes:
        """The bytes of the page; fills the view's record on the way."""
        return self.render(view).encode(self.charset, "xmlcharrefreplace")


TEMPLATES: dict[str, Template] = {
    "wordpress": Template(render=wordpress.render),
    "soup": Template(render=soup.render),
    "graph": Template(render=graph.render),
    "tables": Template(render=tables.render, charset="windows-1252", content_type="text/html"),
}
"""Template name, as the content files use it -> template."""
