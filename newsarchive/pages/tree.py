"""Our own flat tree: what the parser found, in pre-order, so that every subtree is a slice of one list.

The parser is Lexbor (through selectolax); nothing outside this file knows. It reads by the HTML5 rules, as browsers do,
and gives the walk over the tree in less than half the time of lxml. The walk uses no recursion: a page nested 100,000
deep is read like any other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.text import fold

_index = attrgetter("index")

UNREAD = frozenset({"script", "style", "template", "noscript", "head"})
"""Elements whose text is not text of the page. They stay in the tree: pictures stand in `noscript`, data in `script`."""


class Element:
    """One element of the page. `index` is its place in pre-order; its subtree is `tree.elements[index:end]`."""

    __slots__ = ("_classes", "_text", "attrs", "content", "depth", "end", "hidden", "index", "parent", "tag")

    def __init__(self, index: int, tag: str, attrs: dict[str, str], parent: Element | None, depth: int, hidden: bool) -> None:
        self.index = index
        self.end = index + 1
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.content: list[str | Element] = []
        self.depth = depth
        self.hidden = hidden
        """Whether its own or an ancestor's `hidden` attribute or inline style hides it."""
        self._text: str | None = None
        self._classes: tuple[str, ...] | None = None

    @property
    def children(self) -> list[Element]:
        """Child elements in order."""
        return [piece for piece in self.content if not isinstance(piece, str)]

    @property
    def classes(self) -> tuple[str, ...]:
        """The tokens of `class` and the `id`, in lower case."""
        if self._classes is None:
            self._classes = tuple(f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}".lower().split())
        return self._classes

    @property
    def text(self) -> str:
        """All text below it, white space folded, without scripts, styles and the reading aids of ruby."""
        if self._text is None:
            content = self.content
            alone = content[0] if len(content) == 1 else None
            self._text = fold(alone if isinstance(alone, str) else "".join(self.pieces())) if content else ""
        return self._text

    @property
    def raw_text(self) -> str:
        """Its own text pieces as parsed (for `script`, `style`, `title`)."""
        return "".join(piece for piece in self.content if isinstance(piece, str))

    def pieces(self) -> Iterator[str]:
        """The text pieces below it in order, with a space for each `<br>` and round block elements."""
        stack: list[Iterator[str | Element]] = [iter(self.content)]
        closing: list[str] = [""]
        while stack:
            piece = next(stack[-1], None)
            if piece is None:
                stack.pop()
                yield closing.pop()
            elif isinstance(piece, str):
                yield piece
            elif piece.tag == "br":
                yield " "
            elif piece.tag not in UNREAD and piece.tag not in RUBY_AIDS:
                space = " " if piece.tag in BLOCK_TAGS else ""
                yield space
                stack.append(iter(piece.content))
                closing.append(space)

    def ancestors(self) -> Iterator[Element]:
        """Its parent, that one's parent, and so on to the root."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def within(self, *tags: str) -> bool:
        """Whether it or one of its ancestors has one of these tags."""
        element: Element | None = self
        while element is not None:
            if element.tag in tags:
                return True
            element = element.parent
        return False

    def path(self, steps: int = 6) -> str:
        """A short path of tags for people, the innermost `steps` of them."""
        tags: list[str] = []
        element: Element | None = self
        while element is not None and len(tags) < steps:
            tags.append(element.tag)
            element = element.parent
        tags.reverse()
        return "/".join(tags)

    def __repr__(self) -> str:
        return f"<Element {self.tag} {self.index}:{self.end}>"


RUBY_AIDS = frozenset({"rt", "rp", "rtc"})
"""The pronunciation beside a ruby base: read with the base it would break every word."""

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section summary table tbody td "
    "tfoot th thead tr ul "
    "amp-accordion amp-carousel amp-sidebar"
)
BLOCK_TAGS = frozenset(_BLOCK_TAGS.split())
"""Elements that browsers set as blocks: text on either side of their edges is not one line."""


_CLOSED = frozenset({"svg", "style"})
"""Elements kept without what is in them: drawings are up to a third of a page's elements, style sheets of its text."""


def _is_hidden(attrs: dict[str, str]) -> bool:
    """Whether an element's own `hidden` or inline style hides it."""
    squeezed = attrs["style"].replace(" ", "").lower() if "style" in attrs else ""
    return "hidden" in attrs or "display:none" in squeezed or "visibility:hidden" in squeezed


class Tree:
    """All elements of a page in pre-order; `elements[0]` is `html`."""

    __slots__ = ("acting", "by_tags", "class_names", "elements", "marked")

    def __init__(self, elements: list[Element]) -> None:
        self.elements = elements
        self.by_tags: defaultdict[str, list[Element]] = defaultdict(list)
        """Tag -> its elements in page order."""
        self.class_names: dict[str, None] = {}
        """The distinct values of `class`, in page order."""
        self.marked: list[Element] = []
        """The elements with microdata: an `itemprop` or an `itemtype`."""
        self.acting: list[Element] = []
        """The elements with a `role` or an `onclick`: headings and links by other means than their tags."""
        for element in elements:
            self.by_tags[element.tag].append(element)
            if "class" in element.attrs:
                self.class_names[element.attrs["class"]] = None
            if "itemprop" in element.attrs or "itemtype" in element.attrs:
                self.marked.append(element)
            if "role" in element.attrs or "onclick" in element.attrs:
                self.acting.append(element)

    @property
    def root(self) -> Element:
        """The `html` element."""
        return self.elements[0]

    @property
    def html_attrs(self) -> dict[str, str]:
        """The attributes of `html` (`lang`, ...)."""
        return self.elements[0].attrs

    @property
    def head(self) -> Element | None:
        """The `head` element."""
        return next((element for element in self.elements[0].children if element.tag == "head"), None)

    @property
    def body(self) -> Element | None:
        """The `body` (or `frameset`) element."""
        return next((element for element in self.elements[0].children if element.tag in ("body", "frameset")), None)

    def by_tag(self, tag: str) -> list[Element]:
        """All elements of this tag in page order."""
        return self.by_tags.get(tag, [])

    def release(self) -> None:
        """Part the elements from their parents, so that the tree goes when the last reference to it goes."""
        for element in self.elements:
            element.parent = None

    def below(self, element: Element, tag: str) -> list[Element]:
        """The elements of this tag inside `element`."""
        found = self.by_tag(tag)
        return found[bisect_right(found, element.index, key=_index) : bisect_left(found, element.end, key=_index)]


def parse(html: str) -> Tree:
    """Parse a page. `html` must have passed the guard: Lexbor is quadratic on nesting of tens of thousands."""
    root = LexborHTMLParser(html).root
    return Tree([_top({})]) if root is None else _flatten(root)


def _flatten(root: LexborNode) -> Tree:
    """The parsed tree with its elements in pre-order, in one walk with a stack of our own.

    All lists of elements are made here, while each is at hand: to look at every element of a page again is half of this.
    The parser is asked as little as can be, since each answer is a new object: a node's number of tag tells text, elements
    and the rest apart, and stands for the name of every tag of the standard.
    """
    tree = Tree([_top(_attributes(root))])
    elements, by_tags, class_names, marked, acting = tree.elements, tree.by_tags, tree.class_names, tree.marked, tree.acting
    parent, content, hidden, depth = tree.root, tree.root.content, tree.root.hidden, 1
    nodes: list[tuple[LexborNode, Element]] = []
    node = root.first_child
    while True:
        if node is None:
            parent.end = len(elements)
            if not nodes:
                return tree
            node, parent = nodes.pop()
            node, content, hidden, depth = node.next, parent.content, parent.hidden, depth - 1
        elif (number := node.tag_id) == _TEXT:
            if text := node.text_content:
                content.append(text)
            node = node.next
        elif tag := _TAG_NAMES.get(number) or _named(node):
            attrs: dict[str, str] = node.attributes  # type: ignore[assignment]
            own = hidden
            if attrs:
                if None in attrs.values():
                    attrs = {name: value or "" for name, value in attrs.items()}
                if "class" in attrs:
                    class_names[attrs["class"]] = None
                if "style" in attrs or "hidden" in attrs:
                    own = own or _is_hidden(attrs)
            element = Element(len(elements), tag, attrs, parent, depth, own)
            if "itemprop" in attrs or "itemtype" in attrs:
                marked.append(element)
            if "role" in attrs or "onclick" in attrs:
                acting.append(element)
            elements.append(element)
            by_tags[tag].append(element)
            content.append(element)
            child = node.first_child if tag not in _CLOSED else None
            if child is None:
                node = node.next
            else:
                nodes.append((node, parent))
                parent, content, hidden, depth, node = element, element.content, own, depth + 1, child
        else:
            node = node.next


def _top(attrs: dict[str, str]) -> Element:
    return Element(0, "html", attrs, None, 0, _is_hidden(attrs))


_TEXT = 2
"""Lexbor's number for text nodes (`LXB_TAG__TEXT`)."""

_NUMBERED = 0xC4
"""Numbers below this are those of the standard's tags, the same for every page; other tags get one anew on each page."""

_TAG_NAMES: dict[int, str] = {}
"""Number -> name of the standard's tags that were met, so that each name is made once."""


def _named(node: LexborNode) -> str:
    """The name of an element's tag; empty for what is no element, such as a comment."""
    if not node.is_element_node:
        return ""
    tag, number = node.tag or "", node.tag_id
    if number < _NUMBERED:
        _TAG_NAMES[number] = tag
    return tag


def _attributes(node: LexborNode) -> dict[str, str]:
    found: dict[str, str | None] = node.attributes
    return {name: value or "" for name, value in found.items()}
