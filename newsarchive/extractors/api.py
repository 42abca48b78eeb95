"""The extraction engine from one end to the other: a page in, an Article or an Extraction out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from newsarchive.errors import NotAnArticle
from newsarchive.extractors.body import assemble, evidence_of, label_blocks, with_data
from newsarchive.extractors.metadata import language_of, read_metadata
from newsarchive.extractors.page_type import judge_page
from newsarchive.extractors.profile_rules import under_profile
from newsarchive.extractors.state_article import read_state_article, with_state
from newsarchive.extractors.teasers import find_teasers
from newsarchive.model.article import Article
from newsarchive.model.extraction import Extraction
from newsarchive.model.page import Page
from newsarchive.pages.document import Document
from newsarchive.pages.read import read_page
from newsarchive.sites.profile import SiteProfile
from newsarchive.sites.reading import ReadingRules

if TYPE_CHECKING:
    from collections.abc import Collection


def extract(
    page: bytes | str | Page,
    url: str | None = None,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    profile: SiteProfile | ReadingRules | None = None,
    site_blocks: Collection[str] | None = None,
) -> Article:
    """The article of a page.

    `page` is what was fetched: bytes, decoded text or a `Page`. `fetched_at` (with a time zone) lets relative dates be
    resolved and refuses dates of the future; without it relative dates stay raw. `site_blocks` are texts that repeat on
    other pages of the site and are therefore no part of any article. `profile` is the site's (`sites.load.load_files`): its
    selectors, `drop` and zone as they held at `fetched_at`, whatever site the page is of.

    Raises NotAnArticle for a page that is none (its `.extraction` carries what was read all the same) and UnreadablePage
    for what cannot be read as a page.
    """
    extraction = explain(page, url, content_type=content_type, fetched_at=fetched_at, profile=profile, site_blocks=site_blocks)
    if not extraction.is_article:
        raise NotAnArticle(extraction.reason or "it is no article", extraction)
    return extraction.article


def explain(
    page: bytes | str | Page,
    url: str | None = None,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    profile: SiteProfile | ReadingRules | None = None,
    site_blocks: Collection[str] | None = None,
) -> Extraction:
    """`extract` with the account of it: rules that won, what was dropped, candidates, confidence, flags.

    Raises UnreadablePage; never NotAnArticle (look at `is_article`).
    """
    if fetched_at is None and isinstance(page, Page):
        fetched_at = page.fetched_at
    with _collector_paused():
        document = read_page(page, url, content_type=content_type)
        try:
            return read(document, fetched_at=fetched_at, profile=profile, site_blocks=site_blocks)
        finally:
            document.release()
            del document


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection while a page is read: a page is thousands of objects that all stay until its end.

    Measured on 50 bench pages: 41 % of the CPU time was the collector's, looking again and again at objects in use.
    Safe with threads: the collector is at worst switched on again early.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read(
    document: Document,
    *,
    fetched_at: datetime | None = None,
    profile: SiteProfile | ReadingRules | None = None,
    site_blocks: Collection[str] | None = None,
) -> Extraction:
    """What `explain` does, from a page that was read already: the crawl's entry."""
    site = under_profile(document, profile, fetched_at)
    document = site.document
    metadata = site.fields(read_metadata(document, fetched_at=fetched_at))
    title = metadata.fields.get("title")
    labels = site.body(label_blocks(document, evidence_of(metadata)))
    teasers = find_teasers(document, labels.kept, fetched_at=fetched_at, places=site.teaser_places())
    body = assemble(document, labels, teasers.taken, sure=teasers.sure, title=title, site_blocks=site_blocks or ())
    if not site.has_body:
        body = site.cleaned(with_data(body, document, metadata.structured))
    state = read_state_article(metadata.structured, title) if "body_from_data" in body.flags else None
    if state is not None:
        body = with_state(body, state, document.url)
        metadata.fill(state.fields, "embedded-state", fetched_at=fetched_at)
    if "language" not in metadata.fields:
        metadata.take("language", language_of(metadata, "\n".join(block.text for block in body.blocks)))
    article = site.zoned(Article(url=document.url or "", body_blocks=body.blocks, teasers=teasers.teasers, **metadata.fields))
    kind = judge_page(document, metadata, body_chars=len(article.body), has_stated_article=state is not None)
    return Extraction(
        article=article,
        is_article=kind.is_article,
        page_type=kind.name,
        reason=kind.reason,
        rules={**metadata.rules, "body": body.rule},
        dropped=[*site.dropped, *body.dropped, *teasers.dropped],
        candidates=metadata.candidates,
        confidence=body.confidence,
        flags=[*document.flags, *body.flags, *site.flags],
        opt_outs=metadata.opt_outs,
    )
