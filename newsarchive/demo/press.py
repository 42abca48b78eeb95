"""The page templates of the demo newspaper by name, and how each one's page becomes bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsarchive.demo.spoil import SPOILERS, WRONG_CONTENT_TYPE
from newsarchive.demo.templates import (
    bote,
    bulletin,
    cjk,
    column,
    courrier,
    elements,
    gallery,
    graph,
    live,
    microdata,
    paywall,
    rtl,
    script,
    soup,
    tables,
    vestnik,
    video,
    wordpress,
)
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
        html = self.render(view)
        spoiled = view.story.options.get("spoiled")
        return (SPOILERS[spoiled](html) if spoiled else html).encode(self.charset, "xmlcharrefreplace")

    def content_type_of(self, view: View) -> str:
        """The Content-Type header of the page."""
        return WRONG_CONTENT_TYPE if view.story.options.get("spoiled") == "mislabelled" else self.content_type


TEMPLATES: dict[str, Template] = {
    "bote": Template(render=bote.render, charset="windows-1252", content_type="text/html"),
    "bulletin": Template(render=bulletin.render, content_type="application/xhtml+xml; charset=utf-8"),
    "cjk": Template(render=cjk.render),
    "column": Template(render=column.render),
    "courrier": Template(render=courrier.render),
    "elements": Template(render=elements.render),
    "gallery": Template(render=gallery.render),
    "graph": Template(render=graph.render),
    "live": Template(render=live.render),
    "microdata": Template(render=microdata.render),
    "paywall": Template(render=paywall.render),
    "rtl": Template(render=rtl.render),
    "script": Template(render=script.render),
    "soup": Template(render=soup.render),
    "tables": Template(render=tables.render, charset="windows-1252", content_type="text/html"),
    "vestnik": Template(render=vestnik.render, charset="windows-1251", content_type="text/html; charset=windows-1251"),
    "video": Template(render=video.render),
    "wordpress": Template(render=wordpress.render),
}
"""Template name, as the content files use it -> template."""
