"""An analyst's way through the web page: search, narrow, open, compare, take away."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from watched_page import WIDE, follow, watched

pytestmark = pytest.mark.needs_browser


def test_a_search_is_narrowed_by_a_facet_and_widened_again(page, demo):
    page.goto(demo)
    page.get_by_role("search").get_by_role("searchbox").first.fill("harbour")
    follow(page, lambda: page.keyboard.press("Enter"))
    hits = page.locator("ol.hits > li")
    everything = hits.count()
    assert everything > 3
    assert page.locator("ol.hits mark").first.inner_text().casefold() == "harbour"
    facet = page.get_by_role("complementary").get_by_role("link", name="Culture", exact=True)
    number = int(facet.locator("xpath=following-sibling::*[1]").inner_text())
    follow(page, facet.click)
    assert hits.count() == number < everything
    assert "section=Culture" in page.url
    follow(page, page.get_by_title("Take this filter away").first.click)
    assert hits.count() == everything


def test_an_article_opens_and_its_edit_is_shown_word_by_word(page, demo):
    page.goto(f"{demo}/search?q=crane+driver")
    follow(page, page.get_by_role("link", name=re.compile("last dance of harbour crane")).first.click)
    assert page.locator("article h1").inner_text().endswith("and of its driver")
    assert "forty-metre jib" in page.locator("article").inner_text()
    follow(page, page.get_by_role("link", name="What changed from 1 to 2").click)
    assert page.locator("table.diff ins").all_inner_texts() == [", and of its driver"]
    assert page.locator("table.diff del").count() == 0


def test_changes_lead_to_the_words_that_changed(page, demo):
    page.goto(f"{demo}/changes")
    page.locator("select[name=kind]").select_option("silent")
    follow(page, page.get_by_role("button", name="Show").click)
    rows = page.locator("ol.changes > li")
    assert rows.count() >= 1
    assert set(page.locator("ol.changes .state").all_inner_texts()) == {"silent headline"}
    assert rows.first.locator("h2 ins, h2 del").count() >= 1
    follow(page, rows.first.get_by_role("link", name="What changed, word by word").click)
    assert "/diff?" in page.url
    assert page.locator("table.diff ins, table.diff del").count() >= 1


def test_promotion_leads_to_blocks_and_stories(page, demo):
    page.goto(f"{demo}/promotion")
    page.locator("select[name=kind]").select_option("related")
    follow(page, page.get_by_role("button", name="Show").click)
    rows = page.locator("table.stories tbody tr")
    counts = [int(text.replace(",", "")) for text in page.locator("table.stories tbody tr td:nth-child(2)").all_inner_texts()]
    assert rows.count() == len(counts) > 5
    assert counts == sorted(counts, reverse=True)
    follow(page, rows.first.get_by_role("link").first.click)
    assert page.get_by_role("heading", name="Where it was promoted").count() == 1


def test_a_site_and_a_run_are_one_click_from_home(page, demo):
    page.goto(demo)
    follow(page, page.get_by_role("region", name="Table of sites").get_by_role("link", name="demo-news.example").click)
    assert page.locator("h1").inner_text() == "demo-news.example"
    assert page.locator("figure.plot").count() >= 4
    page.goto(demo)
    follow(page, page.get_by_role("navigation", name="Pages").get_by_role("link", name="Runs").click)
    follow(page, page.locator("table.lines tbody a").first.click)
    assert page.locator("h1").inner_text() == "Run 2"
    page.locator("select[name=outcome]").select_option("updated")
    follow(page, page.get_by_role("button", name="Show").click)
    assert set(page.locator("table.addresses tbody td:nth-child(2)").all_inner_texts()) == {"updated article"}


ADDRESSES = (
    "/",
    "/search?q=harbour",
    "/article/f0a94a51d7dfec40",
    "/sites",
    "/site/demo-news.example",
    "/promotion",
    "/changes",
    "/runs",
    "/runs/1",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_can_be_taken_away(page, demo, address):
    page.goto(demo + address)
    with page.expect_download() as taken:
        page.locator(".formats").get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8"), newline="")))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    link = page.locator(".formats").get_by_role("link", name="JSON").get_attribute("href")
    answer = page.request.get(demo + link)
    assert answer.headers["content-type"].startswith("application/json")
    assert isinstance(json.loads(answer.text()), dict)


def test_the_csv_of_a_search_has_the_hits_that_are_shown(page, demo):
    page.goto(f"{demo}/search?q=ferry&sort=date")
    shown = page.locator("ol.hits h3").all_inner_texts()
    with page.expect_download() as taken:
        page.locator(".formats").get_by_role("link", name="CSV").click()
    rows = csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8"), newline=""))
    assert [row["title"] for row in rows] == shown


def test_a_raw_page_is_saved_and_never_shown(page, demo):
    page.goto(f"{demo}/article/f0a94a51d7dfec40")
    with page.expect_download() as taken:
        page.get_by_role("link", name="download").first.click()
    assert b"<html" in Path(taken.value.path()).read_bytes()
    assert page.url.endswith("/article/f0a94a51d7dfec40"), "the reader stays where they were"


def test_what_is_missing_is_said_in_words(browser, demo):
    with watched(browser) as (page, _):
        for address, status, words in (
            ("/article/0000000000000000", 404, "Not in the archive"),
            ("/site/nowhere.example", 404, "nowhere.example"),
            ("/runs/99", 404, "no run 99"),
            ("/changes?since=yesterday", 400, "is no date"),
            ("/promotion?since=2026-05-02&until=2026-05-01", 400, "exchange the two dates"),
            ("/promotion?kind=odd", 400, "is not one of"),
        ):
            answer = page.goto(demo + address)
            assert answer.status == status
            assert words in page.locator("main").inner_text()


def test_the_archive_is_read_without_javascript(browser, demo):
    with watched(browser, java_script_enabled=False, viewport=WIDE) as (page, seen):
        page.goto(f"{demo}/search?q=harbour")
        follow(page, page.get_by_role("complementary").get_by_role("link", name="Culture", exact=True).click)
        page.goto(f"{demo}/site/demo-news.example")
        assert page.locator("svg.plot-area").count() >= 4
        page.locator("summary").first.click()
        assert page.locator("figure details[open] table").first.is_visible()
    assert seen.complaints == []


def test_a_link_keeps_the_question(page, demo):
    page.goto(f"{demo}/search")
    page.get_by_label("Words to look for").fill('"harbour" -ferry title:crane*')
    follow(page, page.get_by_role("button", name="Search").click)
    assert 'q="harbour" -ferry title:crane*' in unquote(page.url.replace("+", " "))
    assert page.get_by_label("Words to look for").input_value() == '"harbour" -ferry title:crane*'
