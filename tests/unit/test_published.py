"""Publish dates come from the article, to the precision given; teasers, footers and the future are no source."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newsarchive.extractors.metadata import read_metadata
from newsarchive.pages.read import read_page

FETCHED = datetime(2024, 5, 10, 12, 0, tzinfo=UTC)


def page(body="", *, ld=None, metas=(), lang="en", headline="Ferry to the islands runs again"):
    head = "".join(f'<meta {name} content="{content}">' for name, content in metas)
    data = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    return (
        f'<html lang="{lang}"><head><title>{headline}</title>{head}{data}</head>'
        f"<body><main><h1>{headline}</h1>{body}<p>The first boat left at dawn, and nobody was late.</p></main></body></html>"
    )


def read(html, *, url="https://harbourpost.example/ferry", fetched_at=None):
    return read_metadata(read_page(html, url), fetched_at=fetched_at).fields


def test_machine_date_keeps_its_zone_and_raw_value():
    found = read(
        page(ld={"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2024-05-03T07:39:18+02:00", "dateModified": "2024-05-04"})
    )
    assert found["date_published"] == "2024-05-03T07:39:18+02:00"
    assert found["date_published_raw"] == "2024-05-03T07:39:18+02:00"
    assert found["date_modified"] == "2024-05-04"


def test_day_is_refined_by_another_source_that_gives_the_time():
    metas = [('property="article:published_time"', "2024-05-03T07:39:00+02:00")]
    found = read(page(ld={"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2024-05-03"}, metas=metas))
    assert found["date_published"] == "2024-05-03T07:39:00+02:00"


def test_modified_date_is_never_borrowed_for_the_publish_date():
    found = read(page('<div class="meta">Last updated May 4, 2024</div>'))
    assert "date_published" not in found
    assert found["date_modified"] == "2024-05-04"


@pytest.mark.parametrize(
    ("body", "lang", "iso"),
    [
        ("<div class=meta>Published on August 11, 2019</div>", "en", "2019-08-11"),
        ("<p>Von Anna Berg</p><p>Stand: 04.05.2024, veröffentlicht 03.05.2024, 15:47 Uhr</p>", "de", "2024-05-03T15:47"),
        ("<time>3 de mayo de 2024</time>", "es", "2024-05-03"),
        ("<span>2024年5月3日 15時47分</span>", "ja", "2024-05-03T15:47"),
        ('<time datetime="2024-05-03T15:47:00Z">3 May</time>', "en", "2024-05-03T15:47:00+00:00"),
        ("<table><tr><td>Posted by Ed<td>3 May 2024</table>", "en", "2024-05-03"),
        ("<p>By Horace Lindqvist and Edda Castellan, May 3, 2024</p>", "en", "2024-05-03"),
        ("<p>מאת תמר גלבוע 27 באפריל 2024</p>", "he", "2024-04-27"),
    ],
)
def test_visible_date_beside_the_headline_is_found(body, lang, iso):
    assert read(page(body, lang=lang))["date_published"] == iso


def test_dates_of_teasers_footers_and_events_are_no_publish_date():
    others = "".join(
        f'<article class="card"><a href="/s{n}"><h3>Another story of the day, number {n}</h3><time>May {n}, 2024</time></a></article>'
        for n in range(1, 6)
    )
    html = page(f"<section class=related>{others}</section><footer>© 2024 Harbour Post</footer>")
    assert "date_published" not in read(html)


def test_date_of_the_address_is_the_last_resort():
    assert read(page(), url="https://harbourpost.example/2024/05/03/ferry")["date_published"] == "2024-05-03"
    assert read(page("<div>May 2, 2024</div>"), url="https://harbourpost.example/2024/05/03/ferry")["date_published"] == "2024-05-02"


def test_future_date_is_refused_only_when_the_fetch_is_known():
    html = page(ld={"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2024-06-01"})
    assert read(html)["date_published"] == "2024-06-01"
    assert "date_published" not in read(html, fetched_at=FETCHED)


def test_relative_date_needs_the_fetch():
    html = page("<span class=date>2 days ago</span>")
    assert "date_published" not in read(html)
    assert read(html, fetched_at=FETCHED)["date_published"] == "2024-05-08"


def test_order_of_day_and_month_is_not_guessed_on_a_page_of_no_country():
    assert "date_published" not in read(page("<div class=date>04/05/2024</div>"))
    assert read(page("<div class=date>04/05/2024</div>", lang="en-GB"))["date_published"] == "2024-05-04"


def test_order_of_day_and_month_is_settled_by_the_fetch_or_by_another_date():
    html = page("<div class=date>12/05/2024</div>")
    assert read(html, fetched_at=datetime(2024, 6, 1, tzinfo=UTC))["date_published"] == "2024-05-12"
    html = page("<div class=date>04/05/2024</div>", metas=[('name="expiry-date"', "2024-05-04")])
    assert read(html)["date_published"] == "2024-05-04"


def test_label_in_a_line_of_its_own_belongs_to_the_date_below():
    found = read(page("<h4>Published</h4><div>May 3, 2024</div><h4>Updated</h4><div>May 4, 2024</div>"))
    assert (found["date_published"], found["date_modified"]) == ("2024-05-03", "2024-05-04")


def test_record_date_of_the_system_gives_way_to_the_day_shown_beside_the_headline():
    ld = {"@type": "Article", "headline": "Ferry", "datePublished": "2013-03-11T11:11:00Z", "dateModified": "2024-02-18"}
    assert read(page("<time datetime='2023-03-20'>March 20, 2023</time>", ld=ld))["date_published"] == "2023-03-20"


def test_date_in_a_caption_is_not_the_date_of_the_article():
    caption = "<p>Harbour workers loading the last crates of the winter, 24 April 2024</p>"
    foot = "<p>The boats are old. They still run.</p>" * 20 + "<ul><li>Datum 28.04.2024</li></ul>"
    assert read(page(caption + foot, lang="de"))["date_published"] == "2024-04-28"
    assert "date_published" not in read(page(caption))


def test_line_that_is_nothing_but_a_date_keeps_its_label():
    far = "<p>The boats are old. They still run.</p>" * 20
    found = read(page(far + "<div>Updated: 4 May 2024</div>"))
    assert "date_published" not in found
    assert found["date_modified"] == "2024-05-04"


def test_footer_of_the_article_that_holds_the_byline_is_read():
    body = "<article><footer class=node__meta>Submitted by Odile Barrow on 3 May 2024</footer><p>The first boat left.</p></article>"
    assert read(page(body))["date_published"] == "2024-05-03"


def test_time_inside_a_linked_headline_is_read():
    linked = '<h1><time datetime="2024-05-03T15:47:00Z">3 May</time> <a href="/ferry">Ferry to the islands runs again</a></h1>'
    html = page().replace("<h1>Ferry to the islands runs again</h1>", linked)
    assert read(html)["date_published"] == "2024-05-03T15:47:00+00:00"


def test_address_with_the_name_of_the_month_gives_the_day():
    assert read(page(), url="https://harbourpost.example/world/2024/may/03/ferry")["date_published"] == "2024-05-03"
    assert "date_published" not in read(page(), url="https://harbourpost.example/world/2024/ferry/03/runs")


@pytest.mark.parametrize(
    ("modified", "published"),
    [("2024-05-03T08:15:42.120+01:00", "2024-05-03T08:15:00+01:00"), ("2024-05-03T09:30:00+01:00", "2024-05-03T08:15:42.120+01:00")],
)
def test_moment_of_saving_gives_way_to_the_minute_that_somebody_set(modified, published):
    ld = {"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2024-05-03T08:15:42.120+01:00", "dateModified": modified}
    found = read(page(ld=ld, metas=[('property="article:published_time"', "2024-05-03T08:15:00+01:00")]))
    assert found["date_published"] == published
