"""An extraction as the columns of `article`, and back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from newsarchive import urls
from newsarchive.archive.moments import to_utc
from newsarchive.archive.similar import runs_of, signature
from newsarchive.archive.statements import clean, storable
from newsarchive.archive.words import content_hash, count_words, spaced_cjk
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.extraction import Extraction
from newsarchive.sites.reading import ReadingRules
from newsarchive.version import EXTRACTOR, EXTRACTOR_VERSION

Columns = dict[str, Any]
"""Column name -> value."""

READ_COLUMNS = (
    "published_utc", "site", "host", "language", "section", "word_count", "is_paywalled", "content_hash", "extractor",
    "extractor_version", "confidence", "title", "url", "canonical_url", "identity", "date_published", "date_modified",
    "date_published_raw", "authors", "tags", "image_url", "site_name", "rules", "flags", "opt_outs", "description", "body",
    "body_blocks", "cjk",
)  # fmt: skip
"""The columns of `article` that come from reading a page; `minhash` follows from `body`, the others are the archive's own."""


def compact(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON as the archive writes it: readable characters, no spaces to waste. NUL stays an escape, as JSON has it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def version_with(rules: ReadingRules | None) -> str:
    """The version that readings by these rules of a site profile carry."""
    return EXTRACTOR_VERSION if rules is None else f"{EXTRACTOR_VERSION}+{rules.digest}"


def reader_version(extraction: Extraction) -> str:
    """The version of the extractor, with the digest of the site profile's rules where it read by any (flag `profile:DIGEST`).

    What another reader makes of a page is no edit of the publisher, and other rules are another reader.
    """
    digest = next((flag.partition(":")[2] for flag in extraction.flags if flag.startswith("profile:")), None)
    return EXTRACTOR_VERSION if digest is None else f"{EXTRACTOR_VERSION}+{digest}"


def columns_of(extraction: Extraction, address: str, opt_outs: list[str]) -> Columns:
    """The columns READ_COLUMNS of an extraction, and `minhash`. `address` is where the page came from, without fragment."""
    article = extraction.article
    title, body = clean(article.title) if article.title else article.title, clean(article.body)
    identity = urls.identity(article.canonical_url or address)
    columns: Columns = {
        "published_utc": to_utc(article.date_published),
        "site": urls.registrable_domain(address),
        "host": urls.host_of(address),
        "language": article.language,
        "section": article.section,
        "word_count": count_words(body),
        "is_paywalled": None if article.is_paywalled is None else int(article.is_paywalled),
        "content_hash": content_hash(title, body),
        "extractor": EXTRACTOR,
        "extractor_version": reader_version(extraction),
        "confidence": float(extraction.confidence),
        "title": title,
        "url": address,
        "canonical_url": article.canonical_url,
        "identity": identity,
        "date_published": article.date_published,
        "date_modified": article.date_modified,
        "date_published_raw": article.date_published_raw,
        "authors": compact(article.authors),
        "tags": compact(article.tags),
        "image_url": article.image_url,
        "site_name": article.site_name,
        "rules": compact(dict(sorted(extraction.rules.items()))),
        "flags": compact(extraction.flags),
        "opt_outs": compact(sorted(opt_outs)),
        "description": article.description,
        "body": body,
        "body_blocks": compact([{"kind": block.kind, "text": block.text} for block in article.body_blocks]),
        "cjk": spaced_cjk(title, article.description, body),
        "minhash": signature(runs_of(body)),
    }
    return storable(columns)


def article_of(row: sqlite3.Row) -> Article:
    """The article of an `article` row, without teasers."""
    return Article(
        url=row["url"],
        canonical_url=row["canonical_url"],
        title=row["title"],
        body_blocks=[BodyBlock(**block) for block in json.loads(row["body_blocks"])],
        date_published=row["date_published"],
        date_modified=row["date_modified"],
        date_published_raw=row["date_published_raw"],
        authors=json.loads(row["authors"]),
        description=row["description"],
        section=row["section"],
        tags=json.loads(row["tags"]),
        language=row["language"],
        image_url=row["image_url"],
        site_name=row["site_name"],
        is_paywalled=None if row["is_paywalled"] is None else bool(row["is_paywalled"]),
    )
