"""What reading an archive gives: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article with what the archive knows about it."""

    article: Article
    """The newest text, with the teasers of the last capture."""
    article_id: str
    """Short name, the same in every archive."""
    site: str
    host: str
    source_url: str
    """The address the crawl asks for it."""
    published_utc: str | None
    first_seen: str
    """UTC."""
    last_seen: str
    """UTC."""
    missing_since: str | None
    """UTC; the address answered 404 since then."""
    gone_at: str | None
    """UTC; the publisher removed it."""
    moved_to: str | None
    """`article_id` of the record under the address that the publisher redirects this one to."""
    revisions: int
    """Texts the publisher showed, this one included."""
    word_count: int
    extractor: str
    extractor_version: str
    extracted_at: str
    confidence: float
    rules: dict[str, str]
    flags: list[str]
    opt_outs: list[str]
    raw_sha256: str | None
    """Digest of the page it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionText:
    """One text of an article."""

    seq: int
    """1 is the oldest."""
    reason: str | None
    """Why it was replaced: `edit` by the publisher, `extractor`: read differently; None for the newest."""
    first_seen: str
    replaced_at: str | None
    """UTC; None for the newest."""
    title: str | None
    description: str | None
    body: str
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run."""

    id: int
    uuid: str
    status: str
    started_at: str
    finished_at: str | None
    seeds: list[str]
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStats:
    """Plain figures of an archive."""

    articles: int
    revisions: int
    """Superseded texts."""
    teasers: int
    placements: int
    fetches: int
    raw_pages: int
    raw_bytes: int
    """Bytes of the raw pages as received."""
    raw_stored_bytes: int
    """Bytes they take."""
    runs: int
    sites: int
    waiting: int
    """Addresses in the frontier that are still to be fetched."""
    gone: int
    first_published: str | None
    last_published: str | None
    file_bytes: int
