"""The headline: candidates from every source, cleaned of the site's name, and the choice among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsarchive.extractors.jsonld import plain
from newsarchive.extractors.landmarks import is_aside, marked_value, names_of
from newsarchive.extractors.site_name import Names, site_names, without_name, without_trailing_name
from newsarchive.extractors.structured import Choice, Structured, squeeze
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import fold

MAX_TITLE_CHARS = 400
"""Characters. The longest headline on the bench pages has 190; what is longer is a text that was marked up as a heading."""

MAX_HEADINGS = 40
"""Headings of a page that are looked at as the visible headline."""


@dataclass(frozen=True, slots=True)
class TitleCandidate:
    """What one source calls the article."""

    source: str
    raw: str
    text: str
    """Without the site's name."""
    key: str
    """Squeezed, for telling which sources agree."""


def choose_title(document: Document, structured: Structured, names: Names | None = None, headline: Element | None = None) -> Choice:
    """The headline as an editor wrote it, or None where the page has none.

    Sources that agree (after the site's name is removed) vote together; the visible headline and what the page gives to
    social networks weigh most, the `<title>` element, written for search engines, least.
    """
    names = names or site_names(structured)
    found = title_candidates(document, structured, names, headline)
    if not found:
        return Choice(None, None, [])
    weights = NEWS_WEIGHTS if structured.types & NEWS_TYPES else WEIGHTS
    totals: dict[str, float] = {}
    for candidate in found:
        totals[candidate.key] = totals.get(candidate.key, 0.0) + weights[candidate.source]
    second = squeeze(structured.ld_string("alternativeHeadline") or "")
    if second in totals:
        totals[second] += ALTERNATIVE_VOTE
    best = max(totals, key=lambda key: totals[key])
    winner = best_spelling([candidate for candidate in found if candidate.key == best])
    return Choice(winner.text, winner.source, [_as_field(candidate, winner, totals) for candidate in found])


NEWS_WEIGHTS = {
    "og-title": 1.6, "jsonld-headline": 1.0, "h1": 1.2, "twitter-title": 0.3, "title-element": 0.5, "meta-title": 0.2,
    "microdata-headline": 0.4,
}  # fmt: skip
"""Votes of the sources on a page that calls itself a news article: desks write og:title themselves."""

WEIGHTS = {**NEWS_WEIGHTS, "og-title": 1.25, "h1": 3.5}
"""Votes elsewhere: on blogs og:title is what a plug-in made for search engines, and the visible headline is the editor's.
Measured by halves of the sites, one looked at, the other only scored: docs/decisions names the figures."""

NEWS_TYPES = frozenset({"newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "liveblogposting"})

ALTERNATIVE_VOTE = 0.4
"""Vote of the JSON-LD `alternativeHeadline` for a text that another source has too: papers whose heading, og:title and
`<title>` are one text for search engines keep the headline that readers see there as well. Anything from 0.3 to 1 does the same."""

SPELLING = ("h1", "og-title", "jsonld-headline", "microdata-headline", "twitter-title", "meta-title", "title-element")
"""Whose spelling is taken when several sources agree; capitals throughout are a matter of style and come last."""


def best_spelling(group: list[TitleCandidate]) -> TitleCandidate:
    """The candidate whose spelling is taken of those that agree but for case, spaces and marks. `group` is not empty.

    The visible heading's, unless it is set in capitals throughout, or runs a kicker and the headline together that two or
    more other sources part by a mark: headings part them by the design alone.
    """
    ordered = sorted(group, key=lambda candidate: SPELLING.index(candidate.source))
    spellings: dict[str, list[TitleCandidate]] = {}
    for candidate in ordered:
        spellings.setdefault(candidate.text, []).append(candidate)
    best = ordered[0].text
    if best.isupper() and len(spellings[best]) == 1:
        best = next((text for text in spellings if not text.isupper()), best)
    letters, marks = _NO_LETTER.sub("", best), len(_INNER_MARK.findall(best))
    for text, same in spellings.items():
        if len(same) > max(1, len(spellings[best])) and _NO_LETTER.sub("", text) == letters and len(_INNER_MARK.findall(text)) > marks:
            return same[0]
    return spellings[best][0]


_NO_LETTER = re.compile(r"[\W_]+")
_INNER_MARK = re.compile(r"[:–—.,?!-]+\s(?=\S)|\s[–—-]|--")
"""A mark that parts two halves of a headline."""


def _as_field(candidate: TitleCandidate, winner: TitleCandidate, totals: dict[str, float]) -> FieldCandidate:
    note = f"votes {totals[candidate.key]:.2f}"
    if candidate.text != candidate.raw:
        note += "; the site's name was cut off"
    return FieldCandidate("title", candidate.text, candidate.source, candidate is winner, note)


def title_candidates(document: Document, structured: Structured, names: Names, headline: Element | None = None) -> list[TitleCandidate]:
    """One candidate a source, the site's own name alone never being one."""
    raw: list[tuple[str, str | None]] = [
        ("og-title", document.meta("og:title")),
        ("jsonld-headline", structured.ld_string("headline")),
        ("twitter-title", document.meta("twitter:title")),
        ("meta-title", document.meta("dc.title", "parsely-title", "sailthru.title", "title", "cxenseparse:title", "citation_title")),
        ("title-element", document.head_title),
    ]
    properties = structured.landmarks.properties
    if "headline" in properties:
        raw.append(("microdata-headline", marked_value(properties["headline"][0])))
    stated = [(source, plain(text)) for source, text in raw if text and len(text) <= 4 * MAX_TITLE_CHARS]
    heading = headline if headline is not None else headline_element(document, [text for _, text in stated], names)
    if heading is not None:
        stated.insert(0, ("h1", heading.text))
    found: list[TitleCandidate] = []
    for source, text in stated:
        if not text or len(text) > MAX_TITLE_CHARS:
            continue
        cleaned = without_name(text, names)[0]
        if source == "title-element" and cleaned == text and squeeze(text) not in {candidate.key for candidate in found}:
            cleaned = without_trailing_name(text, names)
        if source == "title-element" and cleaned == text:
            cleaned = _without_bare_name(document, cleaned, names)
        key = squeeze(cleaned)
        if key and key not in names.keys:
            found.append(TitleCandidate(source, text, fold(cleaned), key))
    return _settled(found, _kickers(document, heading))


def _kickers(document: Document, heading: Element | None) -> frozenset[str]:
    """The texts at the start of the visible heading that stand in an element of their own, without white space at the ends."""
    if heading is None:
        return frozenset()
    inner = document.tree.elements[heading.index + 1 : min(heading.end, heading.index + MAX_INNER)]
    return frozenset(element.text for element in inner if element.text and heading.text.startswith(element.text))


MAX_INNER = 12
"""Elements inside a heading that are looked at."""

MAX_BARE_NAME_WORDS = 4
MIN_BARE_NAME_CHARS = 5
MAX_LOOKED_AT = 80
"""Blocks of the page in which a headline is looked for."""
MAX_BESIDE_HEADLINE = 60
"""Characters that may stand in one block with the headline: a dateline."""


def _without_bare_name(document: Document, title: str, names: Names) -> str:
    """The title without a site's name that no separator sets off, where the page shows the rest as a line of its own."""
    words = title.split()
    for count in range(1, min(MAX_BARE_NAME_WORDS, len(words) - 3) + 1):
        tail, rest = " ".join(words[-count:]), " ".join(words[:-count])
        if len(squeeze(tail)) < MIN_BARE_NAME_CHARS or squeeze(tail) not in names.keys:
            continue
        if any(
            block.text.startswith(rest) and len(block.text) <= len(rest) + MAX_BESIDE_HEADLINE for block in document.blocks[:MAX_LOOKED_AT]
        ):
            return rest
    return title


def _settled(found: list[TitleCandidate], kickers: frozenset[str]) -> list[TitleCandidate]:
    """Where one source is another one's text with a short tail behind a separator, the tail is a section or a name: cut it off."""
    keys = {candidate.key: candidate.text for candidate in found}
    settled = []
    for candidate in found:
        for key, text in keys.items():
            if key != candidate.key and (
                _is_tailed(candidate.text, text)
                or _is_cut_short(candidate.text, text)
                or (candidate.source == "h1" and _is_kicked(candidate.text, text, kickers))
            ):
                settled.append(TitleCandidate(candidate.source, candidate.raw, text, key))
                break
        else:
            settled.append(candidate)
    return settled


def _is_tailed(text: str, other: str) -> bool:
    """Whether a text is the other one with a few words behind a separator."""
    rest = text[len(other) :]
    return text.startswith(other) and bool(_TAIL.match(rest)) and len(rest.split()) <= MAX_TAIL_WORDS


def _is_cut_short(text: str, other: str) -> bool:
    """Whether a text is the beginning of the other one: ended by dots, or by a quotation mark that ended the attribute."""
    stem = text.rstrip(" .…")
    if len(stem.split()) < MIN_STEM_WORDS or len(stem) >= len(other) or not other.startswith(stem):
        return False
    return text.endswith(("…", "...")) or other[len(stem) :].lstrip().startswith('"')


MIN_STEM_WORDS = 3
"""Words of a beginning from which it is taken for that of the longer text."""


def _is_kicked(text: str, other: str, kickers: frozenset[str]) -> bool:
    """Whether a heading is the other text with a kicker before it, in an element of its own, that no colon ties to the headline."""
    kicker = text[: -len(other)].strip()
    return text.endswith(other) and kicker in kickers and len(other.split()) >= 3 and not kicker.endswith((":", "–", "-", ",", "“", "„"))


_TAIL = re.compile(r"\s*[|｜ㅣ–—-]\s*\S")
MAX_TAIL_WORDS = 5
"""Words behind a separator, the separator counted, that are taken for a section's or site's name when another source lacks them."""

_HEADLINE_NAMES = (
    "headline",
    "article-title",
    "article__title",
    "entry-title",
    "post-title",
    "story-title",
    "article_title",
    "page-title",
    "articletitle",
)


def headline_element(document: Document, others: list[str], names: Names) -> Element | None:
    """The heading that shows the headline: an `h1`, or what is marked as one, that is not the site's name; None without one.

    Among several the one wins that shares most words with what the other sources say, then the first.
    """
    wanted = [set(_words(text)) for text in others]
    keys = {squeeze(without_name(text, names)[0]) for text in others}
    best = max((_fit(e, wanted, names) for e in document.tree.by_tag("h1")[:MAX_HEADINGS] if e.text), default=_NO_HEADING)
    if best[0] <= MAX_FIT_OF_LOWER:
        lower = [e for tag in ("h2", "h3") for e in document.tree.by_tag(tag)[:MAX_HEADINGS] if e.text]
        best = max((best, *(_fit(e, wanted, names) for e in lower if _is_marked(e) or squeeze(e.text) in keys)))
    return document.tree.elements[-best[1]] if best[1] <= 0 else _untagged_headline(document, keys)


_NO_HEADING = (float("-inf"), 1)

MAX_FIT_OF_LOWER = 1.03
"""The best fit that an `h2` or `h3` can have: all words, and inside the article."""


def _fit(element: Element, wanted: list[set[str]], names: Names) -> tuple[float, int]:
    """How well a heading fits what the other sources say, and its place, negative, so that the first of equals is the largest."""
    text = element.text
    if len(text) > MAX_TITLE_CHARS or squeeze(text) in names.keys or not squeeze(text):
        return _NO_HEADING
    words = set(_words(text))
    overlap = max((len(words & want) / max(1, len(words | want)) for want in wanted), default=0.0)
    if element.tag != "h1" and overlap < MIN_OVERLAP:
        return _NO_HEADING
    score = overlap + (0.25 if element.tag == "h1" else 0.0) + (0.03 if element.within("article", "main") else 0.0)
    score -= 0.3 if is_aside(element) else 0.0
    return score - (0.2 if element.hidden else 0.0), -element.index


def _untagged_headline(document: Document, keys: set[str]) -> Element | None:
    """The first line of its own that says what a source calls the article, where no heading does."""
    for block in document.blocks[:MAX_LOOKED_AT]:
        is_own = block.kind != "list_item" and not block.links and len(block.text) <= MAX_TITLE_CHARS
        if is_own and squeeze(block.text) in keys and block.element.text == block.text and not is_aside(block.element):
            return block.element
    return None


MIN_OVERLAP = 0.5
"""Share of common words from which an `h2` is taken as the headline: lower ones are headings of parts."""


def _is_marked(element: Element) -> bool:
    names = names_of(element).lower()
    return any(name in names for name in _HEADLINE_NAMES) or "headline" in element.attrs.get("itemprop", "").lower()


_WORD = re.compile(r"\w+")


def _words(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    return words if len(words) > 2 else [*words, *(char for char in text if char > "\u2e80")]
