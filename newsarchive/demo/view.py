"""One article page in the making: what a template may ask for, and the record of what it showed.

A template that prints a teaser, a date or a description says so here in the same breath, so the manifest can not
drift from the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from urllib.parse import urlsplit

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.prose import ProseBlock
from newsarchive.demo.stories import Story
from newsarchive.demo.wording import Words, long_date, words_of
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.teaser import Teaser, TeaserKind

EXCERPT_CHARS = 110
"""Characters of a story's first paragraph that a teaser shows: two lines on a phone."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One edition's stories, as far as pages need them."""

    edition: int
    stories: tuple[Story, ...]
    """All states, newest first."""

    @property
    def live(self) -> list[Story]:
        """Stories with a page of their own now, newest first."""
        return [story for story in self.stories if story.state == "live"]

    def story(self, slug: str) -> Story:
        """The story of that slug; KeyError where there is none."""
        for story in self.stories:
            if story.slug == slug:
                return story
        raise KeyError(slug)

    def resolve(self, target: str) -> str:
        """A link target of the prose as an href: `@slug` becomes the story's path."""
        return self.story(target[1:]).path if target.startswith("@") else target


@dataclass(slots=True)
class View:
    """The page of one story in one edition; filled by its template."""

    story: Story
    paper: Paper
    fields: dict[str, Any] = field(default_factory=dict)
    """Fields of the record that differ from the story, or that not every template shows."""
    _teasers: dict[str, Teaser] = field(default_factory=dict)
    _shown: int = 0

    @property
    def url(self) -> str:
        """The page's address."""
        return ORIGIN + self.story.path

    @property
    def words(self) -> Words:
        """Labels in the page's language."""
        return words_of(self.story.language)

    @property
    def visible_date(self) -> str:
        """The publish day as the page's language writes it."""
        return long_date(self.story.published, self.story.language)

    @property
    def image(self) -> str:
        """Address of the story's picture."""
        return f"{ORIGIN}/media/{self.story.slug}.png"

    def say(self, **values: Any) -> None:  # noqa: ANN401 - the values of any field of Article
        """Note what the page shows: fields of `Article` by name."""
        self.fields.update(values)

    def html(self, block: ProseBlock, *, em: str = "em") -> str:
        """A block's inline HTML."""
        return block.html(self.paper.resolve, em=em)

    def neighbours(self, count: int, *, skip: int = 0) -> list[Story]:
        """Stories to promote: those that follow in the same language, round the corner where it ends."""
        same = [story for story in self.paper.live if story.language == self.story.language]
        if self.story not in same:
            return same[skip : skip + count]
        start = same.index(self.story) + 1
        ring = same[start:] + same[: start - 1]
        return ring[skip : skip + count]

    def most_read(self, count: int) -> list[Story]:
        """The same few stories on every page of a language, never the page itself."""
        same = [story for story in self.paper.live if story.language == self.story.language and story.slug != self.story.slug]
        return sorted(same, key=lambda story: story.slug)[:count]

    def inline_stories(self) -> list[Story]:
        """The stories promoted between the paragraphs that are still live."""
        found = (self.paper.story(slug) for slug in self.story.inline)
        return [story for story in found if story.state == "live"]

    def teaser(
        self,
        story: Story,
        kind: TeaserKind,
        *,
        module: str | None = None,
        href: str | None = None,
        shows: Iterable[str] = (),
        title: str | None = None,
    ) -> str:
        """Note a teaser and give its href, escaped.

        `shows` names the fields it prints beside the headline: `category`, `date`, `excerpt`, `credit`, `image`.
        """
        shown = set(shows)
        href = href or story.path
        teaser = Teaser(
            title=_folded(title or story.title),
            url=href if urlsplit(href).scheme else ORIGIN + href,
            position=self._shown,
            kind=kind,
            module=module,
            category=story.section if "category" in shown else None,
            date_published=story.published[:10] if "date" in shown else None,
            date_published_raw=long_date(story.published, story.language) if "date" in shown else None,
            credit=story.options.get("credit", "Harbour Picture Desk") if "credit" in shown else None,
            excerpt=_folded(excerpt(story)) if "excerpt" in shown else None,
            image_url=f"{ORIGIN}/media/{story.slug}.png" if "image" in shown else None,
        )
        self._shown += 1
        self._note(story.slug, teaser)
        return escape(href)

    def _note(self, slug: str, teaser: Teaser) -> None:
        """One record for each target: its first `related` occurrence, else its first; empty fields filled from the others."""
        known = self._teasers.get(slug)
        if known is None:
            self._teasers[slug] = teaser
            return
        better, other = (known, teaser) if known.kind == "related" or teaser.kind != "related" else (teaser, known)
        names = ("category", "date_published", "date_published_raw", "credit", "excerpt", "image_url")
        filled = {name: getattr(other, name) for name in names if getattr(better, name) is None}
        self._teasers[slug] = replace(better, **filled)

    def shown_excerpt(self, story: Story) -> str:
        """The words a teaser of that story prints below its headline."""
        return excerpt(story)

    def article(self) -> Article:
        """The record of the page, as its template showed it."""
        story = self.story
        teasers = sorted(self._teasers.values(), key=lambda teaser: teaser.position)
        values: dict[str, Any] = {
            "url": self.url,
            "title": _folded(story.title),
            "body_blocks": [BodyBlock(block.kind, block.text) for block in story.blocks],
            "date_published": story.published,
            "authors": list(story.authors),
            "language": story.language,
            "site_name": self.words.site,
            "teasers": [replace(teaser, position=place) for place, teaser in enumerate(teasers)],
        }
        return Article(**{**values, **self.fields})


def _folded(text: str) -> str:
    """White space folded, as the record has it."""
    return " ".join(text.split())


def excerpt(story: Story) -> str:
    """The words a teaser shows below the headline: the standfirst, else the start of the text with an ellipsis."""
    if story.standfirst:
        return story.standfirst
    text = next(block.text for block in story.blocks if block.kind == "paragraph")
    if len(text) <= EXCERPT_CHARS:
        return text
    cut = text[:EXCERPT_CHARS]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(",.;: ") + "…"


def after_each(pieces: Sequence[str], between: Sequence[str], *, first: int = 2, step: int = 3) -> list[str]:
    """`pieces` with the items of `between` put in after the `first` piece and every `step` pieces later; what is left comes last."""
    result: list[str] = []
    waiting = list(between)
    for number, piece in enumerate(pieces, start=1):
        result.append(piece)
        if waiting and number >= first and (number - first) % step == 0:
            result.append(waiting.pop(0))
    return result + waiting
