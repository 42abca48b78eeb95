"""What an extraction found, what won for each field and why, and what was dropped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from newsarchive.model.article import Article


@dataclass(frozen=True, slots=True)
class Dropped:
    """One piece of the page that was kept out of the body or of the teasers."""

    rule: str
    """Stable id of the rule, such as `ad-label`."""
    snippet: str
    """The first characters of its text (at most 120)."""
    place: str
    """Where it stood: a short path of tags, such as `body/main/div/p`."""


@dataclass(frozen=True, slots=True)
class FieldCandidate:
    """One value a source offered for a field."""

    field: str
    """Name of the article's field."""
    value: str
    """The value, shortened."""
    source: str
    """Stable id of the source or rule, such as `jsonld-headline`."""
    won: bool = False
    """Whether the field has this value."""
    note: str = ""
    """Why it won or lost, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The article with the account of how it was read."""

    article: Article
    """What was read, also where the page is no article."""
    is_article: bool = True
    """Whether the page is one article."""
    page_type: str = "article"
    """`article`, or what the page is instead: `listing`, `product`, `forum`, `media`, `other`..."""
    reason: str | None = None
    """Why the page is no article; None for articles."""
    rules: dict[str, str] = field(default_factory=dict)
    """Field name -> id of the rule that won."""
    dropped: list[Dropped] = field(default_factory=list)
    """What was kept out, in page order."""
    candidates: list[FieldCandidate] = field(default_factory=list)
    """The values that were offered for the fields."""
    confidence: float = 1.0
    """0 to 1: how sure the block labels are."""
    flags: list[str] = field(default_factory=list)
    """`truncated`, `mojibake`, `depth_cut`, `second_opinion`, ..."""
    opt_outs: list[str] = field(default_factory=list)
    """Opt-out signals of the page's markup: `noindex`, `noarchive`, `nosnippet`, `noai`, `noimageai`, `tdm-reservation`."""

    def as_record(self) -> dict[str, Any]:
        """Plain dictionaries and lists, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Extraction:
        """The inverse of `as_record`."""
        values = dict(record)
        values["article"] = Article.from_record(values["article"])
        values["dropped"] = [Dropped(**item) for item in values.get("dropped", [])]
        values["candidates"] = [FieldCandidate(**item) for item in values.get("candidates", [])]
        return cls(**values)
