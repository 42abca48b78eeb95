"""The pictures of docs/guide/web-page.md are of the page as it is: this test takes them.

    NEWSARCHIVE_SCREENSHOTS=1 python -m pytest tests/browser/test_web_screenshots.py

Without the variable it only looks whether they are there, small, and named in the guide.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from watched_page import NARROW, watched

pytestmark = pytest.mark.needs_browser

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
FOLDER = GUIDE / "web-page"
MAX_BYTES = 150_000
"""A reader on a slow line loads the guide in a second or two."""

PICTURES = {
    "home.png": ("/", {"width": 1100, "height": 760}, "light"),
    "search.png": ("/search?q=harbour", {"width": 960, "height": 640}, "light"),
    "article.png": ("/article/f0a94a51d7dfec40", {"width": 1000, "height": 540}, "light"),
    "diff.png": ("/article/f0a94a51d7dfec40/diff?from=1&to=2", {"width": 1100, "height": 520}, "light"),
    "changes.png": ("/changes", {"width": 1100, "height": 760}, "light"),
    "site.png": ("/site/demo-news.example", {"width": 1100, "height": 760}, "light"),
    "narrow.png": ("/site/demo-news.example", NARROW, "dark"),
}
"""File -> address, window, colours."""


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_taken_and_shown(browser, request, name):
    address, viewport, scheme = PICTURES[name]
    picture = FOLDER / name
    if os.environ.get("NEWSARCHIVE_SCREENSHOTS"):
        demo = request.getfixturevalue("demo")
        FOLDER.mkdir(exist_ok=True)
        with watched(browser, viewport=viewport, color_scheme=scheme) as (page, seen):
            page.goto(demo + address)
            page.evaluate("document.activeElement.blur()")
            page.screenshot(path=picture)
        assert seen.complaints == []
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < MAX_BYTES
    assert f"(web-page/{name})" in (GUIDE / "web-page.md").read_text(encoding="utf-8")


def test_no_picture_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == set(PICTURES)


def test_every_picture_says_what_it_shows():
    shown = re.findall(r"!\[([^\]]*)\]\(web-page/([\w.]+)\)", (GUIDE / "web-page.md").read_text(encoding="utf-8"))
    assert {name for _, name in shown} == set(PICTURES)
    assert all(len(text) > 20 for text, _ in shown)
