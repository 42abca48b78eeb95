import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.manifest import edition_change
from newsarchive.demo.prose import parse_prose
from newsarchive.demo.site import build_site
from newsarchive.demo.stories import LAST_EDITION
from newsarchive.model.outcome import Outcome

EDITIONS = range(1, LAST_EDITION + 2)


class Links(HTMLParser):
    def __init__(self, base):
        super().__init__()
        self.base = base
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append(urljoin(self.base, values["href"]))


def links_of(url, html):
    parser = Links(url)
    parser.feed(html)
    return [link for link in parser.found if link.startswith(ORIGIN)]


def html_pages(site):
    for target, resource in site.resources.items():
        if resource.content_type.startswith(("text/html", "application/xhtml")) and resource.status == 200:
            yield ORIGIN + target, resource


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_link_on_every_page_has_a_verdict(edition):
    site = build_site(edition)
    unknown = {
        (url, link)
        for url, resource in html_pages(site)
        for link in links_of(url, resource.body.decode("utf-8", "replace"))
        if site.manifest.expectation(link) is None
    }
    assert not unknown


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_verdict_agrees_with_what_is_served(edition):
    site = build_site(edition)
    statuses = {
        Outcome.STORED: {200}, Outcome.DUPLICATE: {200}, Outcome.NOT_ARTICLE: {200}, Outcome.SOURCE: {200},
        Outcome.REDIRECTED: {301, 302, 303, 307, 308}, Outcome.HTTP_4XX: {403, 404, 410},
        Outcome.OPTED_OUT: {200}, Outcome.HTTP_5XX: {500, 503},
    }  # fmt: skip
    for url, item in site.manifest.expectations.items():
        resource = site.answer(url.removeprefix(ORIGIN))
        if item.outcome in statuses:
            assert resource.status in statuses[item.outcome], url
        if item.outcome is Outcome.REDIRECTED:
            assert urljoin(url, resource.headers["Location"]) == item.target
        if item.outcome is Outcome.DUPLICATE:
            assert item.target in site.manifest.articles


def test_the_same_edition_is_the_same_bytes():
    first = {target: resource.body for target, resource in build_site(2).resources.items()}
    build_site.cache_clear()
    assert {target: resource.body for target, resource in build_site(2).resources.items()} == first


def test_editions_change_headlines_texts_and_mere_counters():
    second = edition_change(2)
    assert second.updated
    assert second.unchanged
    third = edition_change(3)
    assert third.gone
    assert third.missing
    before, after = build_site(1), build_site(2)
    only_bytes = [
        url for url in second.unchanged
        if before.answer(url.removeprefix(ORIGIN)).body != after.answer(url.removeprefix(ORIGIN)).body
    ]  # fmt: skip
    assert only_bytes, "no page changes its comment counter alone"


def test_the_paper_stops_changing_after_its_last_edition():
    last, later = build_site(LAST_EDITION), build_site(LAST_EDITION + 3)
    assert {target: resource.body for target, resource in last.resources.items()} == {
        target: resource.body for target, resource in later.resources.items()
    }


def test_an_edition_before_the_first_is_refused():
    with pytest.raises(ValueError, match="first edition is 1"):
        build_site(0)


def test_every_expected_word_stands_on_its_page():
    """The manifest's titles, paragraphs and teasers are all to be read in the HTML they are expected from."""
    site = build_site(1)
    for url, article in site.manifest.articles.items():
        target = url.removeprefix(ORIGIN)
        text = readable(site.answer(target))
        for wanted in (article.title, *(block.text for block in article.body_blocks), *(teaser.title for teaser in article.teasers)):
            assert " ".join(wanted.split()) in text, (url, wanted)


def readable(resource):
    """The text of a page, white space folded; of a page without text, the text of its embedded state."""
    charset = re.search(rb"charset=[\"']?([\w-]+)", resource.content_type.encode() + b" " + resource.body)
    text = resource.body.decode("utf-8-sig" if resource.body.startswith(b"\xef\xbb\xbf") else charset[1].decode())
    pieces = []

    class Text(HTMLParser):
        def handle_starttag(self, tag, attrs):
            self.state = tag == "script" and dict(attrs).get("id") == "__NEXT_DATA__"

        def handle_data(self, data):
            if getattr(self, "state", False):
                article = json.loads(data)["props"]["pageProps"]["article"]
                pieces.append(article["headline"] + " ")
                self.state = False
                Text().feed(article["body"])
            else:
                pieces.append(data)

    Text().feed(text)
    return " ".join("".join(pieces).split())


def test_feeds_and_sitemaps_are_well_formed_and_name_live_stories():
    site = build_site(1)
    for target in ("/feed.xml", "/atom.xml", "/news-sitemap.xml", "/sitemap_index.xml"):
        assert len(ElementTree.fromstring(site.resources[target].body))
    feed = json.loads(site.resources["/feed.json"].body)
    assert all(item["url"] in site.manifest.articles for item in feed["items"])


def sitemap_addresses(site, target):
    body = site.resources[target].body
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    tree = ElementTree.fromstring(body)
    for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        if tree.tag.endswith("sitemapindex"):
            yield from sitemap_addresses(site, place.text.removeprefix(ORIGIN))
        else:
            yield place.text


@pytest.mark.parametrize("edition", EDITIONS)
def test_sitemaps_name_every_article_and_nothing_unknown(edition):
    site = build_site(edition)
    named = set(sitemap_addresses(site, "/sitemap_index.xml"))
    assert set(site.manifest.articles) <= named
    assert all(site.manifest.expectation(url) for url in named)


def test_prose_reads_markup_as_html_and_as_plain_text():
    heading, paragraph, caption = parse_prose("## A *b*\n\nSee [the\nferry](@ferry) & go.\n\n!boat| In dock")
    assert (heading.kind, heading.text) == ("heading", "A b")
    assert paragraph.text == "See the ferry & go."
    assert paragraph.html(lambda target: urlsplit("/f").path + target[1:]) == 'See <a href="/fferry">the ferry</a> &amp; go.'
    assert (caption.kind, caption.picture, caption.text) == ("caption", "boat", "In dock")
