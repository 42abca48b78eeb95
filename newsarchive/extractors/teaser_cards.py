"""From links to cards: the piece of the page that belongs to one target, and nothing else.

A card is a slice of an element's content: the whole of it for list items, `article` and one-big-link cards, a part of
it where several teasers stand side by side without elements of their own (table cells, flat divs).
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter

from newsarchive.extractors.teaser_links import MAX_MODULE_CHARS, MIN_HEADLINE_WORDS, StoryLink, word_count
from newsarchive.extractors.teaser_menus import in_menu
from newsarchive.extractors.teaser_page import HEADING_TAGS, MAX_SIBLINGS, PageView
from newsarchive.extractors.teaser_words import LIST_HEADINGS, MORE_LINKS, RELATED_HEADINGS, Phrases
from newsarchive.pages.tree import Element

MAX_CARD_CHARS = 1500
"""Characters. The longest true card of the bench pages has 700; without a bound a lone teaser would take its whole column."""
MIN_OVERLAY_WORDS = 3
"""Words beside an empty link that make it the overlay of a card."""
MAX_CLIMB = 9
"""Elements a card may lie above its link."""

Piece = str | Element
_MORE = Phrases(MORE_LINKS)
_MODULE = Phrases(RELATED_HEADINGS, LIST_HEADINGS)


class Card:
    """All of the page that speaks of one target at one place."""

    __slots__ = ("end", "first", "holder", "key", "lead", "links", "pieces", "top")

    def __init__(self, key: str, links: list[StoryLink], holder: Element, pieces: list[Piece], top: Element) -> None:
        self.key = key
        self.links = links
        self.lead = _lead(links)
        """The link with the headline (the first that has one)."""
        self.holder = holder
        """The element whose content holds the pieces."""
        self.pieces = pieces
        self.top = top
        """The element in `pieces` that holds the headline's link (or `holder` itself)."""
        inside = [piece for piece in pieces if not isinstance(piece, str)]
        self.first = holder.index if holder is top else (inside[0].index if inside else holder.index)
        self.end = holder.end if holder is top else (inside[-1].end if inside else holder.end)

    def elements(self, view: PageView) -> list[Element]:
        """All elements of the card in page order."""
        return view.elements[self.first : self.end]


def find_cards(view: PageView, links: list[StoryLink]) -> list[Card]:
    """The cards of a page in page order: one for each run of links to one target."""
    positions = [link.element.index for link in links]
    bearers = [link for i, link in enumerate(links) if _bears(view, link, links, positions) and not _is_label(view, links, i)]
    runs = _runs(view, bearers, links)
    cards = []
    for i, run in enumerate(runs):
        if in_menu(view, _lead(run)):
            top = _lead(run).element
            cards.append(Card(run[0].key, run, top, top.content, top))
            continue
        before = max((link.element for link in runs[i - 1]), key=attrgetter("index")) if i else None
        after = runs[i + 1][0].element if i + 1 < len(runs) else None
        top = _top(view, run, before.index if before is not None else -1, after.index if after is not None else len(view.elements))
        cards.append(_slice(view, run, top, before, after))
    return cards


def _bears(view: PageView, link: StoryLink, links: list[StoryLink], positions: list[int]) -> bool:
    """Whether a link makes a card: it has a headline, or it is an empty overlay beside text that no link holds."""
    if link.headline:
        return True
    if link.text and not link.more:
        return False
    if not link.shape.story or link.shape.hub or link.own:
        return False
    node = link.element
    for _ in range(4):
        parent = node.parent
        if parent is None or parent is view.body or view.has_text(parent) or view.chars(parent) > MAX_CARD_CHARS:
            return False
        at = bisect_left(positions, parent.index)
        while at < len(links) and positions[at] < parent.end:
            other = links[at]
            if (other.key != link.key and (other.headline or (other.shape.story and not other.shape.hub))) or (
                other.key == link.key and other.headline
            ):
                return False
            at += 1
        if word_count(parent.text) >= MIN_OVERLAY_WORDS:
            return True
        node = parent
    return False


def _runs(view: PageView, bearers: list[StoryLink], links: list[StoryLink]) -> list[list[StoryLink]]:
    """Runs of links to one target that no headline of another target parts, pictures and `Read more` links included."""
    runs: list[list[StoryLink]] = []
    positions = [link.element.index for link in bearers]
    keys = {link.key for link in bearers}
    for link in links:
        if link.key not in keys:
            continue
        at = bisect_left(positions, link.element.index)
        previous = bearers[at - 1] if at else None
        current = bearers[at] if at < len(bearers) and bearers[at] is link else None
        following = bearers[at] if at < len(bearers) else None
        goes_on = runs and runs[-1][-1].key == link.key and (previous is None or previous.key == link.key)
        if goes_on and _near(view, runs[-1][-1], link):
            runs[-1].append(link)
            continue
        if current is not None or (following is not None and following.key == link.key and _near(view, link, following)):
            runs.append([link])
    bearing = set(map(id, bearers))
    return [run for run in runs if any(id(link) in bearing for link in run)]


MAX_SERIES_CHARS = 48
"""Characters of the name of a series or section."""


def _is_label(view: PageView, links: list[StoryLink], i: int) -> bool:
    """Whether a short link stands between two links to one story: it names the story's series or section, whatever its address."""
    link = links[i]
    if not 0 < i < len(links) - 1 or len(link.text) > MAX_SERIES_CHARS:
        return False
    before, after = links[i - 1], links[i + 1]
    if before.key != after.key or before.key == link.key or not (before.headline or after.headline):
        return False
    if link.shape.story and link.shape.pieces[:-1] == before.shape.pieces[:-1]:
        return False
    if any(child.tag in ("img", "picture") for child in view.elements[link.element.index : link.element.end]):
        return False
    return len(link.text) < max(len(before.text), len(after.text)) and _near(view, before, after)


def _near(view: PageView, a: StoryLink, b: StoryLink) -> bool:
    """Whether two links to one target stand in one card: a common element not far above both."""
    above = set()
    node: Element | None = a.element
    for _ in range(MAX_CLIMB):
        if node is None:
            break
        above.add(node.index)
        node = node.parent
    node = b.element
    for _ in range(MAX_CLIMB):
        if node is None:
            return False
        if node.index in above:
            return node.tag not in ("body", "html", "main") and not view.has_text(node) and view.chars(node) <= MAX_CARD_CHARS * 4
        node = node.parent
    return False


def _top(view: PageView, run: list[StoryLink], before: int, after: int) -> Element:
    """The highest element that holds this run of links and no other card's link, text of the article, or too much."""
    top = run[0].element
    last = max(link.element.index for link in run)
    while top.end <= last and top.parent is not None:
        top = top.parent
    if top.index <= before or top.end > after:
        top = _lead(run).element
    for _ in range(MAX_CLIMB):
        parent = top.parent
        if parent is None or parent is view.body or parent.tag in ("main", "body", "html"):
            break
        if parent.index <= before or parent.end > after or view.has_text(parent):
            break
        if view.headline is not None and parent.index <= view.headline.index < parent.end:
            break
        if view.chars(parent) > MAX_CARD_CHARS or _holds_module(view, parent, top, run):
            break
        top = parent
    return top


def _lead(run: list[StoryLink]) -> StoryLink:
    """The link with the headline (the first that has one)."""
    return next((link for link in run if link.headline), run[0])


def _holds_module(view: PageView, parent: Element, top: Element, run: list[StoryLink]) -> bool:
    """Whether the parent adds a heading before the card that is not the headline: then it is a module, and the card ends here."""
    before = [
        heading
        for heading in view.headings_in(parent.index, top.index)
        if heading.text and not heading.within("a") and not view.document.tree.below(heading, "a")
    ]
    if not before:
        return False
    return bool(view.headings_in(top.index, top.end)) or (
        any(_MODULE.match(heading.text) for heading in before)
        and any(top.index <= link.element.index < top.end and word_count(link.text) >= MIN_HEADLINE_WORDS for link in run)
    )


def _child_under(holder: Element, element: Element) -> Element | None:
    """The child of `holder` that holds `element`; None where it is not below it."""
    if not holder.index < element.index < holder.end:
        return None
    node = element
    while node.parent is not holder:
        assert node.parent is not None
        node = node.parent
    return node


def _slice(view: PageView, run: list[StoryLink], top: Element, before: Element | None, after: Element | None) -> Card:
    """The card of a run: its top alone, or with the pieces beside it that belong to no other card."""
    whole = Card(run[0].key, run, top, list(top.content), top)
    holder = top.parent
    if holder is None or top.tag in ("li", "article") or holder.tag in ("body", "html", "tr", "ul", "ol") or holder is view.region:
        return whole
    if top.tag == "tr" and word_count(top.text) > word_count(_lead(run).text) + 1:
        return whole
    if _is_item(holder, top, before) or _is_item(holder, top, after):
        return whole
    content = holder.content
    if len(content) > MAX_SIBLINGS:
        return whole
    at = next(i for i, piece in enumerate(content) if piece is top)
    low = _edge(holder, content, before)
    high = _edge(holder, content, after, is_after=True)
    if high <= at or low > at:
        return whole
    start, stop = _fair_share(view, content, at, low, high, has_before=low > 0, has_after=high < len(content))
    if stop - start <= 1:
        return whole
    return Card(run[0].key, run, holder, content[start:stop], top)


def _is_item(holder: Element, top: Element, other: Element | None) -> bool:
    """Whether a neighbouring card stands in an element of the same make: then each of them is a card for itself."""
    child = _child_under(holder, other) if other is not None else None
    return (
        child is not None
        and child is not top
        and (top.tag in _BOXES or (top.tag == "a" and "class" in top.attrs and any(part.tag in _BIG for part in top.children)))
        and child.tag == top.tag
        and child.attrs.get("class") == top.attrs.get("class")
    )


_BOXES = frozenset(("div", "section", "figure", "aside", "td"))
_BIG = frozenset(("div", "h2", "h3", "h4", "h5", "article", "figure", "picture"))
"""Children that make a link one big card."""


def _edge(holder: Element, content: list[Piece], other: Element | None, *, is_after: bool = False) -> int:
    """Index in the content where the neighbouring card ends or begins; the content's end where it lies elsewhere."""
    child = _child_under(holder, other) if other is not None else None
    if child is None:
        return len(content) if is_after else 0
    at = next(i for i, piece in enumerate(content) if piece is child)
    return at if is_after else at + 1


def _fair_share(
    view: PageView, content: list[Piece], at: int, low: int, high: int, *, has_before: bool, has_after: bool
) -> tuple[int, int]:
    """What beside the top belongs to it: a label or picture right before, lines after it up to a gap, a heading or text."""
    last = _reach(view, content, range(at + 1, high)) or at
    first = _reach(view, content, range(at - 1, low - 1, -1))
    first = at if first is None else first
    stop_is_end = last + 1 >= high
    last += 1
    if has_before and not _separated(content, low, first):
        first = _leading(content, first, at)
    if has_after and stop_is_end:
        last = _trailing(content, at, last)
    return first, last


def _reach(view: PageView, content: list[Piece], places: range) -> int | None:
    """How far the pieces beside a link belong to it: up to a gap, a module's heading or two line breaks; None for not at all."""
    reached = None
    breaks = 0
    for at in places:
        piece = content[at]
        if _is_gap(view, piece) or _is_module_heading(piece):
            break
        if isinstance(piece, str):
            if not piece.strip():
                continue
            breaks = 0
        else:
            breaks = breaks + 1 if piece.tag == "br" else 0
        if breaks > 1:
            break
        if breaks == 0:
            reached = at
    return reached


def _separated(content: list[Piece], low: int, first: int) -> bool:
    return any(not isinstance(piece, str) and piece.tag in ("hr", "br") for piece in content[low:first])


def _is_gap(view: PageView, piece: Piece) -> bool:
    if isinstance(piece, str):
        return False
    return (
        piece.tag in ("hr", "h1", "h2", "section", "ul", "ol", "table", "article", "form", "script", "iframe")
        or view.has_text(piece)
        or view.chars(piece) > MAX_CARD_CHARS
    )


def _is_module_heading(piece: Piece) -> bool:
    """Whether a piece beside a card names a list of stories: the heading of this module or of the next."""
    if isinstance(piece, str):
        return False
    text = piece.text
    return (
        0 < len(text) <= MAX_MODULE_CHARS
        and not _MORE.match(text)
        and _MODULE.match(text)
        and (piece.tag in HEADING_TAGS or word_count(text) >= 2 or not text.isascii())
    )


def _leading(content: list[Piece], first: int, at: int) -> int:
    """Between two cards of one holder: pictures and short labels right before the link are its own, the rest is the other's."""
    start = at
    for i in range(at - 1, first - 1, -1):
        piece = content[i]
        if isinstance(piece, str):
            if piece.strip():
                break
            continue
        text = piece.text
        if piece.tag == "br" or text[-1:] in ".…" or len(text) > 40:
            break
        start = i
    return start


def _trailing(content: list[Piece], at: int, last: int) -> int:
    """Between two cards of one holder: a picture or short label right before the next link is that one's, not ours."""
    stop = last
    for i in range(last - 1, at, -1):
        piece = content[i]
        if isinstance(piece, str):
            if piece.strip():
                break
            continue
        text = piece.text
        if piece.tag == "br" or text[-1:] in ".…" or len(text) > 40 or any(char.isdigit() for char in text):
            break
        stop = i
    return stop
