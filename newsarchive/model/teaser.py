"""A teaser: what an article page promotes next to its own text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TeaserKind = Literal["related", "inline", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """One promoted article, as the page shows it. A field the page does not show is None."""

    title: str
    """The headline as shown, white space folded, an ellipsis kept."""
    url: str
    """Absolute address as written on the page (tracking parameters kept, no fragment)."""
    position: int
    """Place among the page's teasers in page order, from 0."""
    kind: TeaserKind
    """`inline` between the paragraphs, `related` by its module's heading, `list` otherwise."""
    module: str | None = None
    """Visible heading or label of the block the teaser stands in."""
    category: str | None = None
    """Kicker, section or brand label."""
    date_published: str | None = None
    """ISO 8601 to the precision shown, or None."""
    date_published_raw: str | None = None
    """The date text as shown, relative ones included."""
    credit: str | None = None
    """Photo or agency credit, apart from the excerpt."""
    excerpt: str | None = None
    """The text below the headline."""
    image_url: str | None = None
    """Absolute address of the picture."""
