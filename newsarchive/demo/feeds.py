"""Machine-readable lists of the demo newspaper: RSS, Atom, JSON Feed, sitemaps (nested and gzip too), robots.txt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.resource import Resource
from newsarchive.demo.stories import Story
from newsarchive.demo.view import excerpt
from newsarchive.demo.wording import words_of

FEED_ITEMS = 15
"""Stories in a feed, newest first: less than the paper has, as feeds are."""

ROBOTS = f"""# Robots are welcome here, with a few exceptions.
User-agent: *
Disallow: /private/
Disallow: /click
Disallow: /search
Allow: /private/press-kit/
Crawl-delay: 0.01

User-agent: greedybot
Crawl-delay: 20
Disallow: /

Sitemap: {ORIGIN}/sitemap_index.xml
Sitemap: {ORIGIN}/news-sitemap.xml
"""


def _url(story: Story) -> str:
    return ORIGIN + story.path


def newest_change(stories: Iterable[Story]) -> str:
    """The moment the newest of the stories was published or changed, ISO 8601."""
    return max((story.modified or story.published for story in stories), key=datetime.fromisoformat)


def rss(stories: Sequence[Story]) -> Resource:
    """RSS 2.0; the links carry tracking parameters, as feeds love to."""
    items = "\n".join(
        f"<item><title>{escape(story.title, quote=False)}</title><link>{escape(_tracked(_url(story)))}</link>"
        f'<guid isPermaLink="false">courier-{story.slug}</guid><category>{escape(story.section)}</category>'
        f"<pubDate>{format_datetime(datetime.fromisoformat(story.published))}</pubDate>"
        f"<description>{escape(excerpt(story), quote=False)}</description></item>"
        for story in stories[:FEED_ITEMS]
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{words_of("en").site}</title><link>{ORIGIN}/</link>'
        f"<description>News from the harbour</description>\n{items}\n</channel></rss>\n"
    )
    return Resource(body=text.encode(), content_type="application/rss+xml; charset=utf-8", modified=newest_change(stories))


def _tracked(url: str) -> str:
    return url + ("&" if "?" in url else "?") + "utm_source=rss&utm_medium=feed"


def atom(stories: Sequence[Story]) -> Resource:
    """Atom 1.0, served with the wrong but common text/xml."""
    entries = "\n".join(
        f'<entry><title>{escape(story.title, quote=False)}</title><link href="{escape(_url(story))}"/><id>tag:{story.slug}</id>'
        f"<published>{story.published}</published><updated>{story.modified or story.published}</updated>"
        f"<summary>{escape(excerpt(story), quote=False)}</summary></entry>"
        for story in stories[:FEED_ITEMS]
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{words_of("en").site}</title>'
        f'<id>{ORIGIN}/</id><link href="{ORIGIN}/"/><link rel="self" href="{ORIGIN}/atom.xml"/>'
        f"<updated>{newest_change(stories)}</updated>\n"
        f"{entries}\n</feed>\n"
    )
    return Resource(body=text.encode(), content_type="text/xml", modified=newest_change(stories))


def json_feed(stories: Sequence[Story]) -> Resource:
    """JSON Feed 1.1."""
    items = [
        {
            "id": story.slug,
            "url": _url(story),
            "title": story.title,
            "summary": excerpt(story),
            "date_published": story.published,
            "authors": [{"name": name} for name in story.authors],
        }
        for story in stories[:FEED_ITEMS]
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": words_of("en").site, "home_page_url": ORIGIN + "/", "items": items}
    text = json.dumps(feed, ensure_ascii=False, indent=1) + "\n"
    return Resource(body=text.encode(), content_type="application/feed+json", modified=newest_change(stories))


def sitemap(rows: Iterable[tuple[str, str | None]]) -> bytes:
    """A sitemap of addresses with their lastmod."""
    body = "\n".join(f"<url><loc>{escape(url)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>" for url, changed in rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</urlset>\n'.encode()


def sitemap_index(rows: Iterable[tuple[str, str | None]]) -> bytes:
    """A sitemap index of sitemaps."""
    body = "\n".join(
        f"<sitemap><loc>{escape(url)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>" for url, changed in rows
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</sitemapindex>\n'
    ).encode()


def news_sitemap(stories: Sequence[Story]) -> Resource:
    """A news sitemap: the newest stories with title, language and publish date."""
    body = "\n".join(
        f"<url><loc>{escape(_url(story))}</loc><news:news><news:publication><news:name>{words_of(story.language).site}</news:name>"
        f"<news:language>{story.language}</news:language></news:publication><news:publication_date>{story.published}</news:publication_date>"
        f"<news:title>{escape(story.title, quote=False)}</news:title></news:news></url>"
        for story in stories[:FEED_ITEMS]
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{body}\n</urlset>\n'
    )
    return Resource(body=text.encode(), content_type="application/xml", modified=newest_change(stories))


def xml(body: bytes, modified: str | None = None) -> Resource:
    """An XML answer."""
    return Resource(body=body, content_type="application/xml", modified=modified)


def gzipped(body: bytes, modified: str | None = None) -> Resource:
    """A gzip file, the same bytes every time."""
    return Resource(body=gzip.compress(body, 9, mtime=0), content_type="application/x-gzip", modified=modified, compressible=False)
