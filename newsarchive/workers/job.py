"""What a worker does with one answer of a server: tell what it is, read it, find where it leads. Pure: no network, no disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from newsarchive.discovery.feeds import looks_like_feed, read_feed
from newsarchive.discovery.links import find_links
from newsarchive.discovery.sitemaps import gunzip, looks_like_sitemap, read_sitemap
from newsarchive.discovery.source import SourceReading, decode_xml
from newsarchive.errors import UnreadablePage
from newsarchive.extractors.api import read
from newsarchive.model.candidate import Candidate
from newsarchive.model.extraction import Extraction
from newsarchive.model.page import Page
from newsarchive.pages.document import Document
from newsarchive.pages.read import read_page
from newsarchive.sites.reading import ReadingRules

JobKind = Literal["page", "feed", "sitemap", "auto"]
ResultKind = Literal["article", "not_article", "listing", "feed", "sitemap", "unreadable"]

MAX_TRAP_LINKS = 50
"""Trap addresses one page hands on, to be refused by name: enough to see what kind of trap it is."""

SNIFF_BYTES = 16384
"""Bytes of the beginning that tell feeds and sitemaps from pages. Some feeds carry a long comment or style sheet list first."""

NEEDS_SCRIPTS = "no text without JavaScript"
"""Why a page is no article that is empty until its scripts run. `newsarchive doctor` counts these and names the remedy."""

MAX_SHELL_CHARS = 200
"""Characters of text beside links on such a page: a cookie notice or `Please enable JavaScript`. Short wire flashes have 100 too,
so that a page with that little is a shell only where it has no body at all or speaks of JavaScript."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One answer to read."""

    page: Page
    kind: JobKind = "auto"
    """`auto` tells pages, feeds and sitemaps apart by their bytes; the others say what is expected."""
    depth: int = 0
    """Links followed to the page."""
    site_blocks: Sequence[str] | None = None
    """Texts that repeat on other pages of the site; None where nothing is known."""
    reading: ReadingRules | None = None
    """What the site's profile says of its pages on the day of the fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the answer was, and where it leads."""

    kind: ResultKind
    extraction: Extraction | None = None
    """Of articles, and of pages that are none, with what was read all the same; None for sources and unreadable pages."""
    candidates: Sequence[Candidate] = field(default_factory=tuple)
    """Where it leads, each address once. Traps are among them (at most MAX_TRAP_LINKS): `classify` tells them, the crawl refuses them."""
    detail: str | None = None
    """Why it is no article or cannot be read, or what is wrong with a source."""
    opt_outs: Sequence[str] = ()
    """Opt-out signals of the markup."""


def perform(job: Job) -> Result:
    """Read one answer. Never raises for what a page contains; what it raises is a fault of ours."""
    kind = job.kind if job.kind != "auto" else sniff(job.page)
    if kind == "feed":
        return _source("feed", read_feed(gunzip(job.page.body)[0], job.page.address, depth=job.depth))
    if kind == "sitemap":
        return _source("sitemap", read_sitemap(job.page.body, job.page.address, depth=job.depth))
    return _page(job)


def sniff(page: Page) -> Literal["page", "feed", "sitemap"]:
    """What the bytes of an answer are. The content type is not trusted: feeds come as text/html and pages as text/xml."""
    head = page.body[:SNIFF_BYTES]
    if head.startswith(_GZIP_MAGIC):
        head = gunzip(head, limit=SNIFF_BYTES)[0]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "page"
    text = decode_xml(head)
    if looks_like_sitemap(text):
        return "sitemap"
    if looks_like_feed(text):
        return "feed"
    if "<" not in text and text.lstrip("\ufeff \t\r\n").lower().startswith(("http://", "https://")):
        return "sitemap"
    return "page"


def _source(kind: Literal["feed", "sitemap"], reading: SourceReading) -> Result:
    if reading.form == "unknown":
        return Result(kind="unreadable", detail=f"no {kind}: {', '.join(reading.flags) or 'nothing in it'}")
    found = list(reading.candidates)
    if reading.next_url is not None:
        found.append(Candidate(url=reading.next_url, kind="feed", found_on=found[0].found_on if found else None, found_by="feed"))
    return Result(kind=kind, candidates=found, detail=", ".join(reading.flags) or None)


def _page(job: Job) -> Result:
    try:
        document = read_page(job.page)
    except UnreadablePage as error:
        return Result(kind="unreadable", detail=error.reason)
    try:
        return _read(document, job)
    finally:
        document.release()


def _read(document: Document, job: Job) -> Result:
    """What a page is, and where it leads."""
    candidates = _candidates(document, job.depth)  # before parts are dropped: their links lead on
    extraction = read(document, fetched_at=job.page.fetched_at, profile=job.reading, site_blocks=job.site_blocks)
    if _needs_scripts(document, extraction):
        return Result(kind="not_article", extraction=extraction, candidates=candidates, detail=NEEDS_SCRIPTS, opt_outs=extraction.opt_outs)
    if extraction.is_article:
        kind: ResultKind = "article"
    else:
        kind = "listing" if extraction.page_type == "listing" else "not_article"
    return Result(kind=kind, extraction=extraction, candidates=candidates, detail=extraction.reason, opt_outs=tuple(extraction.opt_outs))


def _needs_scripts(document: Document, extraction: Extraction) -> bool:
    """Whether the page is a shell that scripts are to fill."""
    texts = [block.text for block in document.blocks]
    chars = sum(len(block.text) - block.link_chars for block in document.blocks)
    if chars >= MAX_SHELL_CHARS or not document.tree.by_tag("script"):
        return False
    if extraction.page_type == "empty":
        return True
    texts += [element.text or element.raw_text for element in document.tree.by_tag("noscript")]
    return len(extraction.article.body) < MAX_SHELL_CHARS and any("javascript" in text.lower() for text in texts)


def _candidates(document: Document, depth: int) -> list[Candidate]:
    links = find_links(document, depth=depth)
    traps = [Candidate(url=url, found_on=document.url, depth=depth + 1) for url in links.traps[:MAX_TRAP_LINKS]]
    return [*links.candidates, *traps]
