"""For every reader: keyboard, screen reader, dark, narrow, printed."""

from __future__ import annotations

import pytest
from watched_page import NARROW, WIDE, watched

pytestmark = pytest.mark.needs_browser

PAGES = (
    "/",
    "/search?q=harbour",
    "/search?q=nothing-has-this-word",
    "/article/f0a94a51d7dfec40",
    "/article/f0a94a51d7dfec40/diff?from=1&to=2",
    "/sites",
    "/site/demo-news.example",
    "/promotion",
    "/changes",
    "/runs",
    "/runs/1",
)

SCHEMES = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(browser, demo, scheme):
    """Every rule in light colours; in dark ones those of colours, since the rest is the same page."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    options = {"resultTypes": ["violations"]} | ({"runOnly": ["cat.color"]} if scheme == "dark" else {})
    with watched(browser, color_scheme=scheme) as (page, _):
        for address in PAGES:
            page.goto(demo + address)
            result = axe.run(page, options=options)
            found += [(address, item["id"], item["nodes"][0]["html"][:200]) for item in result.response["violations"]]
    assert found == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_wider_than_a_telephone(browser, demo, scheme):
    wide = []
    with watched(browser, viewport=NARROW, color_scheme=scheme) as (page, _):
        for address in PAGES:
            page.goto(demo + address)
            width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            wide += [(address, width)] if width > NARROW["width"] else []
    assert wide == []


def test_dark_is_dark_and_light_is_light(browser, demo):
    seen = {}
    for scheme in SCHEMES:
        with watched(browser, color_scheme=scheme) as (page, _):
            page.goto(demo)
            seen[scheme] = page.evaluate(
                """() => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.documentElement).color,
                  getComputedStyle(document.querySelector('.mark.s1')).fill].map(text => {
                    const [red, green, blue] = text.match(/[0-9.]+/g).map(Number);
                    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
                  })"""
            )
    assert seen["light"][0] > 230 > 60 > seen["light"][1]
    assert seen["dark"][0] < 40 < 190 < seen["dark"][1]
    assert seen["light"][2] < seen["dark"][2], "marks are lighter on a dark page"


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page, demo):
    for address in PAGES:
        page.goto(demo + address)
        if page.evaluate("document.activeElement !== document.body"):
            page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Tab")
        box = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect(); return [box.left, box.top, box.width]; })()"
        )
        assert page.evaluate("document.activeElement.className") == "skip", address
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] > 40
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content", address


def test_focus_is_always_visible(page, demo):
    for address in ("/search?q=harbour", "/site/demo-news.example", "/changes"):
        page.goto(demo + address)
        page.evaluate("document.activeElement.blur()")
        for _ in range(25):
            page.keyboard.press("Tab")
            style = page.evaluate(
                "(() => { const style = getComputedStyle(document.activeElement);"
                " return [document.activeElement.outerHTML.slice(0, 80), style.outlineStyle, parseFloat(style.outlineWidth)]; })()"
            )
            assert style[1] != "none", style
            assert style[2] >= 1, style


def test_every_page_has_one_heading_and_a_title_of_its_own(page, demo):
    titles = {}
    for address in PAGES:
        page.goto(demo + address)
        assert page.locator("h1").count() == 1, address
        assert page.locator("main").count() == 1
        titles[address] = page.title()
    assert all(title.endswith("News archive") or address == "/" for address, title in titles.items())
    assert len(set(titles.values())) == len(titles)


def test_a_printed_page_is_ink_on_paper(browser, demo):
    with watched(browser, color_scheme="dark", viewport=WIDE) as (page, _):
        page.goto(f"{demo}/article/f0a94a51d7dfec40")
        page.emulate_media(media="print")
        colours = page.evaluate(
            "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.documentElement).color]"
        )
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        assert not page.locator("header.top").is_visible()
        assert page.pdf()[:5] == b"%PDF-"
