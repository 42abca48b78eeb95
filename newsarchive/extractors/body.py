"""The body: which blocks of the page are the article's text, and as what they are written down."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from newsarchive.extractors.block_arrays import Evidence
from newsarchive.extractors.block_model import judge_blocks
from newsarchive.extractors.boilerplate import is_credit_line, is_promo_line, line_rule
from newsarchive.extractors.embedded import embedded_body
from newsarchive.extractors.fallback import membership, second_opinion
from newsarchive.extractors.headings import headings_between, is_dateline, is_title_line, untagged_headings
from newsarchive.extractors.metadata import Metadata
from newsarchive.extractors.structured import Structured
from newsarchive.extractors.tails import tail_rule
from newsarchive.model.article import BodyBlock
from newsarchive.model.extraction import Dropped
from newsarchive.pages.blocks import Block, Kind, Layout
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import fold, shorten

SNIPPET = 120
"""Characters of a dropped block that are shown."""

LOW = 0.3
"""Probability. A block below it is never body (RECIPE; 0.25 and 0.4 give 0.001 less)."""

SHARE_OF_MEAN = 0.65
"""A block is body where its probability is over this share of the page's mean over likely blocks, weighed by length."""

HEADING = 0.5
"""Probability from which a tagged heading is body whatever the page's mean: short lines are never as sure as paragraphs."""

UNSURE = 0.08
"""Uncertainty (see `uncertainty`) above which trafilatura is asked: 13 % of the pages, seen by a model that saw none of their
sites. At 0.1 it is 10 % and 0.0006 less, at 0.05 24 % for nothing."""

VOTE = 0.3
"""Weight of trafilatura's opinion against the model's probability; 0.4 gives 0.0002 to 0.0009 less."""

CARD_CHARS = 250
CARD_PROBABILITY = 0.8
CARD_LINK_SHARE = 0.8
CARD_LINK_PROBABILITY = 0.9
"""A block of a teaser is taken out of the body where it is nearly all link, or short and not surely text: teaser finders also
take lists of an article's own sections (dropping all of them costs 0.009 on wcxb, this gains 0.0006)."""

LITTLE_CHARS = 250
"""Characters of body below which the page's data are asked for one."""

TABLE_CELL_CHARS = 80
"""Characters. A longer cell belongs to a layout made of tables, and is a paragraph."""

RUN_BLOCKS = 3
"""List items or cells in a row that are decided together (0.0014 and 0.0005 on wcxb)."""

ORNAMENT_CHARS = 40
"""Characters of a line without letter or digit (`* * *`, a bullet, a damaged character); a longer one is a drawing in letters."""

PLACEHOLDER = "lorem ipsum dolor sit"
"""How the text begins that templates are delivered with, and that some pages never replaced."""

ROW_LINKS = 3
ROW_LINK_SHARE = 0.7
"""A line of so many links with so little beside them is a menu (`Home | News | Tide table`)."""

SURELY_TEXT = 0.9
HEAD_BLOCKS = 3
"""Probability from which a line that is only a date stays, after so many blocks: tables and lists of dates are text."""

SMALL_CELL_CHARS = 25
"""Characters of a cell that is a row of its own; a longer one alone in its row is a line of text."""

ROW_STEPS = 4
"""Elements between a text and the table row it stands in."""

REPEATED_CHARS = 60
"""Characters. A longer text that stands in two places (a version for phones, a print version) is kept once; short ones are
refrains."""


@dataclass
class Labels:
    """What the block model says of each block, in page order."""

    body: list[float]
    """Probability of being body text, 0 to 1."""
    rule: str = "block-model"
    """`second-opinion` where trafilatura had a vote."""
    kept: list[int] = field(default_factory=list)
    """Indexes of the blocks that are body, in page order. Teasers found later are taken out of it."""
    names: list[str] = field(default_factory=list)
    """What the model takes each block for (`block_model.LABELS`); empty where the model was not asked."""

    @property
    def first(self) -> int:
        """Index of the first body block; -1 where there is none."""
        return self.kept[0] if self.kept else -1

    @property
    def last(self) -> int:
        """Index of the last body block; -1 where there is none."""
        return self.kept[-1] if self.kept else -1


@dataclass
class Body:
    """The body as it will stand in the article, with the account of it."""

    blocks: list[BodyBlock]
    indexes: list[int]
    """The page's blocks it was made of."""
    rule: str
    """What decided: `block-model`, `second-opinion`, `jsonld-body`, `embedded-state`."""
    dropped: list[Dropped] = field(default_factory=list)
    confidence: float = 1.0
    flags: list[str] = field(default_factory=list)


def evidence_of(metadata: Metadata) -> Evidence:
    """What the page's other statements say of its body."""
    bodies = metadata.structured.article_bodies()
    return Evidence(
        title=metadata.fields.get("title"),
        description=metadata.fields.get("description"),
        article_body=max(bodies, key=len) if bodies else None,
    )


def label_blocks(document: Document, evidence: Evidence) -> Labels:
    """Decide for every block of the page whether it is body text."""
    judgement = judge_blocks(document, evidence)
    probabilities = judgement.body
    texts = [block.text for block in document.blocks]
    rule = "block-model"
    if uncertainty(texts, probabilities) > UNSURE:
        opinion = second_opinion(document)
        if opinion:
            member = membership(document, opinion)
            probabilities = [(1 - VOTE) * q + VOTE * is_in for q, is_in in zip(probabilities, member, strict=True)]
            rule = "second-opinion"
    probabilities = together(document.blocks, probabilities)
    return Labels(probabilities, rule, choose_blocks(texts, probabilities, document.layout), judgement.labels)


LAYOUT_CELL_CHARS = 250
"""Characters. A table with a longer cell is the page's layout, not data: its menu and its text are not one run."""


def together(blocks: Sequence[Block], probabilities: list[float]) -> list[float]:
    """Runs of list items, and of table cells, are body or not as a whole: each gets the mean of its run, by length."""
    result = list(probabilities)
    for kind, run in groupby(blocks, key=lambda block: "cell" if block.tag in ("td", "th") else block.kind):
        members = [block.index for block in run] if kind in ("cell", "list_item") else []
        is_layout = kind == "cell" and any(len(blocks[index].text) > LAYOUT_CELL_CHARS for index in members)
        if len(members) >= RUN_BLOCKS and not is_layout:
            size = sum(len(blocks[index].text) for index in members)
            mean = sum(probabilities[index] * len(blocks[index].text) for index in members) / size
            for index in members:
                result[index] = mean
    return result


def choose_blocks(texts: Sequence[str], probabilities: Sequence[float], layout: Layout | None = None) -> list[int]:
    """The blocks to keep: a threshold that follows the page's own certainty, and no long text in two places.

    The threshold is the larger of LOW and SHARE_OF_MEAN times the mean probability of likely blocks, by length. With a
    layout, the threshold of headings is at most HEADING, and a text that comes again among its own siblings (the ingredients
    of another day, a refrain) is kept again.
    """
    likely = [(q, len(text)) for q, text in zip(probabilities, texts, strict=True) if q > LOW]
    if not likely:
        return []
    mean = sum(q * size for q, size in likely) / sum(size for _, size in likely)
    threshold = max(LOW, SHARE_OF_MEAN * mean)
    seen: dict[str, int] = {}
    kept = []
    for number, (q, text) in enumerate(zip(probabilities, texts, strict=True)):
        if q > threshold or (q > HEADING and layout is not None and layout.blocks[number].kind == "heading"):
            if len(text) > REPEATED_CHARS:
                place = number if layout is None else layout.containers[layout.blocks[number].container].parent
                if seen.setdefault(text, place) != place:
                    continue
            kept.append(number)
    return kept


def uncertainty(texts: Sequence[str], probabilities: Sequence[float]) -> float:
    """How unsure the labels of a page are: 0 is certain; the worst tenth of pages is above about 0.3, and has half of all loss."""
    doubt = body = 0.0
    for q, text in zip(probabilities, texts, strict=True):
        weight = q * len(text)
        body += weight
        doubt += weight if q <= 0.5 else (1 - q) * len(text)
    return doubt / max(1.0, body)


def assemble(
    document: Document,
    labels: Labels,
    taken: Collection[int],
    *,
    title: str | None,
    sure: Collection[int] = (),
    site_blocks: Collection[str] = (),
) -> Body:
    """The body from the labels, without what the rules drop and without the teasers' blocks.

    `taken` are the blocks of all teasers and refused cards, `sure` those that are cards without doubt, `site_blocks` folded
    texts that other pages of the site hold too.
    """
    kept: list[Block] = []
    dropped: list[Dropped] = []
    language = document.language
    for index in sorted([*labels.kept, *headings_between(document, labels.kept, labels.body, taken, labels.names)]):
        block = document.blocks[index]
        if index in sure or (index in taken and _is_card(block, labels.body[index])):
            rule: str | None = "teaser"
        elif block.text in site_blocks:
            rule = "site-block"
        elif is_title_line(block.text, title, language):
            rule = "headline"
        elif (labels.body[index] < SURELY_TEXT or len(kept) < HEAD_BLOCKS) and is_dateline(block.text, language):
            rule = "dateline"
        else:
            rule = drop_rule(block)
        kept.append(block) if rule is None else dropped.append(_dropped(rule, block))
    dropped += _cut_tail(kept, labels)
    dropped += _near_misses(document, labels)
    headings = untagged_headings(document, kept)
    blocks = [block for row in _rows(kept) for block in _written(row, headings)]
    unsure = uncertainty([block.text for block in document.blocks], labels.body)
    flags = ["second_opinion"] if labels.rule == "second-opinion" else []
    return Body(blocks, [block.index for block in kept], labels.rule, dropped, round(max(0.0, 1 - unsure), 4), flags)


def _cut_tail(kept: list[Block], labels: Labels) -> list[Dropped]:
    """Take off the end what stands there after the article: headings of nothing, biographies, calls to readers, notices.

    A body that a site's profile names is the user's word: only headings of nothing go.
    """
    cut = []
    while kept:
        block = kept[-1]
        rule = "heading-of-nothing" if block.kind == "heading" else None
        if rule is None and labels.names and len(kept) > 1:
            rule = tail_rule(block.text)
        if rule is None:
            break
        cut.append(_dropped(rule, kept.pop()))
    return cut


def _rows(kept: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks one by one, those of one table row together."""
    for row, blocks in groupby(kept, key=_row_of):
        if row is None:
            for block in blocks:
                yield [block]
        else:
            yield list(blocks)


def _row_of(block: Block) -> Element | None:
    element: Element | None = block.element
    for _ in range(ROW_STEPS):
        if element is None or element.tag == "tr":
            return element
        element = element.parent
    return None


def _written(row: list[Block], headings: Collection[int]) -> list[BodyBlock]:
    """A row of short cells as one line; everything else block by block."""
    if len(row) > 1 and all(len(block.text) < TABLE_CELL_CHARS and block.tag in ("td", "th", "p", "div") for block in row):
        return [BodyBlock("table_row", " | ".join(block.text for block in row))]
    return [BodyBlock("heading" if block.index in headings else kind_in_body(block), block.text) for block in row]


def _is_card(block: Block, probability: float) -> bool:
    if block.link_chars > CARD_LINK_SHARE * len(block.text):
        return probability < CARD_LINK_PROBABILITY
    return probability < CARD_PROBABILITY and len(block.text) < CARD_CHARS


def with_data(body: Body, document: Document, structured: Structured) -> Body:
    """The body, or what the page's data give where its markup gives next to nothing; at last trafilatura's text, if it has any."""
    size = sum(len(block.text) for block in body.blocks)
    if size >= LITTLE_CHARS:
        return body
    found = embedded_body(structured)
    if found is not None and sum(len(block.text) for block in found[1]) > 2 * size:
        return Body(found[1], [], found[0], body.dropped, body.confidence, [*body.flags, "body_from_data"])
    if not body.blocks:
        lines = [line for line in map(fold, second_opinion(document).split("\n")) if line and line_rule(line) is None]
        if lines:
            return Body([BodyBlock("paragraph", line) for line in lines], [], "second-opinion", body.dropped, 0.0, ["second_opinion"])
    return body


def _dropped(rule: str, block: Block) -> Dropped:
    return Dropped(rule, shorten(block.text, SNIPPET), block.element.path())


def _near_misses(document: Document, labels: Labels) -> list[Dropped]:
    """The blocks between the body's first and last that the model left out: what a reader would look for.

    Their rule says what the model takes them for: `block-model:comment`.
    """
    kept = set(labels.kept)
    between = [block for block in document.blocks[labels.first : labels.last + 1] if block.index not in kept] if labels.kept else []
    return [_dropped(drop_rule(block) or _left_out(labels, block.index), block) for block in between]


def _left_out(labels: Labels, index: int) -> str:
    return f"block-model:{labels.names[index]}" if labels.names else "block-model"


def drop_rule(block: Block) -> str | None:
    """The id of the line rule that drops the block, or None."""
    if len(block.text) <= ORNAMENT_CHARS and not any(map(str.isalnum, block.text)):
        return "no-words"
    if block.text[: len(PLACEHOLDER)].lower().startswith(PLACEHOLDER):
        return "placeholder"
    rule = line_rule(block.text)
    if rule is None and len(block.links) >= ROW_LINKS and block.link_chars > ROW_LINK_SHARE * len(block.text):
        return "link-row"
    if rule is None and is_promo_line(block.text, block.link_chars / len(block.text)):
        return "read-also"
    return rule


_CAPTION_HINTS = ("caption", "legende", "bildunterschrift", "credit", "cutline")


def kind_in_body(block: Block) -> Kind:
    """What the block is in the article; a caption is known by its tag, its classes or its credit."""
    if block.kind != "paragraph":
        return block.kind
    names = " ".join(block.element.classes)
    if (names and any(hint in names for hint in _CAPTION_HINTS)) or is_credit_line(block.text):
        return "caption"
    if block.tag in ("td", "th"):
        return "table_row" if len(block.text) < SMALL_CELL_CHARS else "paragraph"
    return "paragraph"
