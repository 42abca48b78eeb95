from __future__ import annotations

import sqlite3

from loopback import Answer, Site, article_html, listing_html

PATH = "/news/ferry-landing-of-the-river-town"


def pretend_older_extractor(archive):
    """As if an older version, which read another title, had stored the articles."""
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE article SET extractor_version='0', title='A worse reading', content_hash=?", ("0" * 64,))
    connection.execute("UPDATE frontier SET etag=NULL, last_modified=NULL")
    connection.commit()
    connection.close()


def test_a_better_reading_of_an_unchanged_page_is_no_edit(crawler):
    with Site({"/": Answer(listing_html([PATH])), PATH: Answer(article_html(1))}) as served:
        crawler.crawl(served.url + "/", allow=served.allow)
        pretend_older_extractor(crawler.archive)
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--revisit", "now"))
    assert ran.outcomes.get("updated", 0) == 0, ran.summary["outcomes"]
    assert crawler.query("SELECT title FROM article") == [("Ferry landing reopens, report 1",)]
    assert ran.summary["new_revisions"] == 0


def test_an_edit_is_seen_through_a_new_version_of_the_extractor(crawler):
    with Site({"/": Answer(listing_html([PATH])), PATH: Answer(article_html(1))}) as served:
        crawler.crawl(served.url + "/", allow=served.allow)
        pretend_older_extractor(crawler.archive)
        served.pages[PATH] = Answer(article_html(1).replace("cost less than planned", "cost more than planned"))
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--revisit", "now"))
    assert ran.outcomes["updated"] == 1, ran.summary["outcomes"]
    assert ran.summary["new_revisions"] == 1
