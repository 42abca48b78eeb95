"""The article: the record that everything else in newsarchive is about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from newsarchive.model.teaser import Teaser

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "caption", "preformatted", "table_row"]


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """One block of the body in reading order."""

    kind: BlockKind
    """`paragraph`, `heading`, `list_item`, `quote`, `caption`, `preformatted` or `table_row`."""
    text: str
    """NFC, white space folded, without soft hyphens and zero-width spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its page shows it. A field the page does not state is None or empty, never guessed."""

    url: str
    """Final address, without fragment."""
    canonical_url: str | None = None
    """The page's own canonical address where it passed the checks (same site, no listing), else None."""
    title: str | None = None
    """The headline without the site's name."""
    body: str = field(init=False, default="")
    """The body blocks except captions, joined by blank lines."""
    body_blocks: list[BodyBlock] = field(default_factory=list)
    """The text in reading order, captions included."""
    date_published: str | None = None
    """ISO 8601 to the precision and zone the page gave; never padded, never borrowed from `date_modified`."""
    date_modified: str | None = None
    """As `date_published`."""
    date_published_raw: str | None = None
    """The publish date as the page wrote it."""
    authors: list[str] = field(default_factory=list)
    """Names in the order of the byline, without `By` and roles; agencies count."""
    description: str | None = None
    """Standfirst or the page's own summary."""
    section: str | None = None
    """Section as the page names it."""
    tags: list[str] = field(default_factory=list)
    """Keywords of the page, in its order."""
    language: str | None = None
    """BCP 47."""
    image_url: str | None = None
    """Absolute address of the main picture."""
    site_name: str | None = None
    """Name the site gives itself."""
    is_paywalled: bool | None = None
    """Whether the page says that its text costs money; None where it says nothing."""
    teasers: list[Teaser] = field(default_factory=list)
    """What the page promotes next to its own text, in page order."""

    def __post_init__(self) -> None:
        body = "\n\n".join(block.text for block in self.body_blocks if block.kind != "caption")
        object.__setattr__(self, "body", body)

    def as_record(self) -> dict[str, Any]:
        """Plain dictionaries and lists under the names of the field dictionary, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Article:
        """The inverse of `as_record`. Unknown keys are an error (TypeError): a record is never half read."""
        values = {key: value for key, value in record.items() if key != "body"}
        values["body_blocks"] = [BodyBlock(**block) for block in values.get("body_blocks", [])]
        values["teasers"] = [Teaser(**teaser) for teaser in values.get("teasers", [])]
        return cls(**values)


ARTICLE_FIELDS = tuple(item.name for item in fields(Article))
"""Names of the article's fields in the order of the field dictionary: JSON keys, SQL columns, CSV header."""
