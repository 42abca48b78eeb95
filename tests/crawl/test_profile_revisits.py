"""The revisit plan of a profile decides what the next crawl asks for again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Answer, Site, article_html, listing_html

PATHS = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(3)]


def let_days_pass(archive: Path, days: int) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE frontier SET next_due_at=strftime('%Y-%m-%dT%H:%M:%SZ', next_due_at, ?)", (f"-{days} days",))


@pytest.mark.parametrize(("plan", "asked_again"), [('"off"', 0), ('["30d"]', 0), ('["1h", "1d"]', 3)])
def test_old_articles_are_asked_for_again_by_the_plan_of_their_site(crawler, plan, asked_again):
    folder = crawler.folder / "sites"
    folder.mkdir()
    pages = {path: Answer(article_html(i)) for i, path in enumerate(PATHS)}
    with Site({"/": Answer(listing_html(PATHS)), **pages}) as site:
        (folder / "courier.toml").write_text(f'domains = ["{site.allow}"]\nstart = ["{site.url}/"]\nrevisit = {plan}\n', encoding="utf-8")
        options = ("--sites", str(folder))
        assert crawler.crawl(site.url, allow=site.allow, options=options).outcomes["stored"] == 3
        let_days_pass(crawler.archive, 2)
        before = len(site.paths)
        assert crawler.crawl(site.url, allow=site.allow, options=options).code == 0
        assert len(set(site.paths[before:]) & set(PATHS)) == asked_again
