"""Plots as the browser draws them: as many marks as the table behind has rows, where they belong, in every width."""

from __future__ import annotations

import pytest
from watched_page import NARROW, follow, watched

pytestmark = pytest.mark.needs_browser

PAGES = {
    "/": ["over-time"],
    "/sites": ["sites", "coverage"],
    "/site/demo-news.example": ["over-time", "sections", "authors", "answers", "verdicts"],
    "/promotion": ["shown", "modules"],
    "/changes": ["changes"],
    "/runs": ["outcomes", "durations"],
    "/runs/1": ["outcomes"],
}

DRAWN = """figures => figures.map(figure => {
  const area = figure.querySelector('svg.plot-area').getBoundingClientRect();
  const boxes = [...figure.querySelectorAll('.mark')].map(mark => mark.getBoundingClientRect());
  const rows = [...figure.querySelectorAll('tbody tr')].map(row => row.querySelector('.number').textContent);
  return {
    name: figure.id, rows: rows.length, marks: boxes.length,
    visible: boxes.filter(box => box.width > 0 && box.height > 0.2).length,
    positive: rows.filter(text => text !== '0').length,
    outside: boxes.filter(box => box.left < area.left - 1 || box.right > area.right + 1).length,
    colours: [...figure.querySelectorAll('.mark:not(.gap):not(.h0)')].filter(mark => getComputedStyle(mark).fill === 'rgb(0, 0, 0)').length,
    words: [...figure.querySelectorAll('svg text')].filter(text => parseFloat(getComputedStyle(text).fontSize) < 11).length,
  };
})"""


@pytest.mark.parametrize("viewport", [{"width": 1200, "height": 900}, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("address", PAGES)
def test_marks_in_the_browser_equal_rows(browser, demo, address, viewport):
    with watched(browser, viewport=viewport) as (page, seen):
        page.goto(demo + address)
        drawn = page.locator("figure.plot").evaluate_all(DRAWN)
    assert [plot["name"].removeprefix("plot-") for plot in drawn] == PAGES[address]
    for plot in drawn:
        assert plot["marks"] == plot["rows"] > 0, plot
        assert plot["visible"] == plot["positive"], plot
        assert plot["outside"] == plot["colours"] == plot["words"] == 0, plot
    assert seen.complaints == []


def test_bars_are_as_high_as_the_numbers_behind_them(page, demo):
    page.goto(f"{demo}/site/demo-news.example")
    pairs = page.locator("#plot-over-time").evaluate(
        """figure => {
          const heights = [...figure.querySelectorAll('.mark')].map(mark => mark.classList.contains('gap') ? null : mark.getBBox().height);
          const values = [...figure.querySelectorAll('tbody .number')].map(cell => cell.textContent);
          return heights.map((height, place) => [height, values[place]]);
        }"""
    )
    one = next(height for height, value in pairs if value == "1")
    for height, value in pairs:
        if height is None:
            assert value == "not collected"
        else:
            assert height == pytest.approx(one * int(value), abs=0.6)


def test_a_day_on_which_nobody_looked_is_a_gap(page, demo):
    page.goto(demo)
    gaps = page.locator("#plot-over-time .mark.gap")
    assert gaps.count() >= 1
    assert gaps.first.locator("title").text_content().endswith(": not collected (not collected)")
    assert page.locator("#plot-over-time .legend").inner_text() == "not collected"


def test_the_table_behind_a_plot_opens_and_leads_on(page, demo):
    page.goto(f"{demo}/site/demo-news.example")
    figure = page.locator("#plot-sections")
    figure.locator("summary").click()
    number = int(figure.locator("tbody tr", has_text="Culture").locator(".number").inner_text())
    follow(page, figure.get_by_role("link", name="Culture", exact=True).click)
    assert page.locator("ol.hits > li").count() == number
