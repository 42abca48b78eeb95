"""Opt-out signals that an operator obeys beyond the usual ones."""

from __future__ import annotations

import pytest
from loopback import Answer, Site, article_html

STORY = "/news/ferry-landing-of-the-river-town"


@pytest.mark.parametrize("way", ["nobody", "option", "profile"])
def test_noarchive_keeps_a_page_out_where_the_operator_or_the_profile_says_so(crawler, way):
    folder = crawler.folder / "sites"
    folder.mkdir()
    with Site({STORY: Answer(article_html(1), headers={"X-Robots-Tag": "noarchive"})}) as site:
        obey = 'obey = ["noarchive"]' if way == "profile" else ""
        (folder / "courier.toml").write_text(f'domains = ["{site.allow}"]\nstart = ["{site.url}{STORY}"]\n{obey}\n', encoding="utf-8")
        options = ("--sites", str(folder), *(("--obey", "noarchive") if way == "option" else ()))
        ran = crawler.crawl(site.url + STORY, allow=site.allow, options=options)
    assert ran.outcomes.get("stored", 0) == (way == "nobody"), ran.err
    assert ran.outcomes.get("opted_out", 0) == (way != "nobody")
    assert ran.summary["opted_out"] == 1
