"""The guard: one linear scan of the decoded text before any parser sees it.

HTML parsers are quadratic, or worse, in a few things no honest page has: attributes on one tag, nesting, formatting
elements that are never closed. The guard counts them as the HTML standard's tokenizer would see them, and repairs what
is over a limit by leaving markup out; the words of the page stay. What it cannot foresee is left to the workers' clock.

Its reading of nesting is simple and errs on the deep side; the limits leave room for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsarchive.errors import UnreadablePage
from newsarchive.pages.markup import ATTRIBUTE, NO_TAG, RAW

MAX_CHARS = 32 * 1024 * 1024
"""Characters. Downloads stop at 8 MB; what is longer was made by hand, and no parser should meet it."""

MAX_ATTRIBUTES = 256
"""Attributes kept on one tag. Lexbor needs 0.04 s for 5,000 of them and 0.7 s for 20,000; the most in 1,448 pages of the bench is 185."""

MAX_TAGS = 150_000
"""Tags, start and end; the text ends at the next. The most in the bench is 21,644. An element takes about a kilobyte in our tree
and up to 50 microseconds in all extractors together."""

MAX_DEPTH = 512
"""Elements open at once, as counted here. Lexbor needs 0.1 s for a depth of 10,000 and 2.2 s for 40,000."""

MAX_OPEN_FORMATTING = 8
"""Formatting elements (b, font, ...) open at once. Parsers open all of them again in every paragraph that follows: 500 of them
and 100,000 paragraphs make 50 million elements. The most in the bench is 5."""

MAX_REOPENED = 400_000
"""Elements that such reopening may make: with more tags on the page, fewer formatting elements may be open. No page of the bench
comes near 110,000."""

MAX_DATA_URI_CHARS = 2048
"""Characters of a `data:` address kept whole. Longer ones are pictures and fonts, which no extractor reads."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLOSE_REACH = 64
"""Open elements an end tag is matched against; one that matches none of them is taken for stray."""

_REST_OF_TAG = r"[\t\n\f\r /]*+"
# No possessive repeat of a group: in Python 3.11.2 it keeps what its last, failed round has read, here the slash of `<path/>`.
_TAG = rf"(?P<slash>/?+)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)(?P<attributes>(?:{ATTRIBUTE})*)(?P<rest>{_REST_OF_TAG})(?:>|\Z)"
_TOKEN = re.compile(
    # An element whose content is no markup, with that content.
    rf"<(?:(?P<raw>(?i:{'|'.join(RAW)}))(?=[\t\n\f\r />])(?P<raw_attributes>(?:{ATTRIBUTE})*){_REST_OF_TAG}"
    rf"(?:>(?P<content>[^<]*+(?:<(?!/(?i:(?P=raw))[\t\n\f\r />])[^<]*+)*+)|\Z)|{_TAG}|{NO_TAG})"
)
"""One piece of markup as the HTML standard's tokenizer cuts it. Possessive but for repeats of groups, and always matching to the end of
the text where something is not closed: the scan never goes over the same characters twice."""

_TAG_ONLY = re.compile(f"<(?:{_TAG}|{NO_TAG})")
"""The same where every element holds markup: inside SVG and MathML, `style` and `title` do too."""

_Token = tuple[str, str, str, str, str, str, str]
"""The groups of `_TOKEN`."""

_ATTRIBUTES = re.compile(ATTRIBUTE)
_DATA_URI = re.compile(r"""(?i:data:)[^"'\s>]""" + f"{{{MAX_DATA_URI_CHARS},}}")
_BAD_REFERENCE = re.compile(
    r"&#(?:"
    r"(?:0++|0*+(?:[1-8]|11|1[4-9]|2[0-9]|3[01]|127|5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]"
    r"|6553[45]|[1-9][0-9]{6,}))(?![0-9])"
    r"|[xX](?:0++|0*+(?:[1-8bBeEfF]|1[0-9a-fA-F]|7[fF]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]|[2-9a-fA-F][0-9a-fA-F]{5}"
    r"|1[1-9a-fA-F][0-9a-fA-F]{4}|[1-9a-fA-F][0-9a-fA-F]{6,}))(?![0-9a-fA-F])"
    r");?"
)
"""References to control characters, surrogates, the two non-characters and beyond Unicode. Those to 128-159 mean windows-1252 in HTML."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_VOID = _words("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
_IMPLIED_END = _words(
    """
    html head body a nobr p li dt dd option optgroup tr td th thead tbody tfoot colgroup rb rt rp rtc
    """
)
"""Elements that the next of their kind closes, or that hold no elements: they nest only with the elements round them."""

_FORMATTING = _words("b big code em font i s small strike strong tt u")
_SVG = _words(
    """
    path circle rect line polyline polygon ellipse use stop g defs symbol clippath mask pattern lineargradient radialgradient marker
    filter text tspan animate animatetransform animatemotion set mpath fegaussianblur feoffset feblend femerge femergenode
    fecolormatrix feflood fecomposite
    """
)
_ROOTS = _words("svg math")
_BARRIERS = _words("table object marquee applet template caption svg math")
"""Elements that an end tag does not reach out of."""

_FOREIGN_TOO = _words(
    "a option optgroup tr td th thead tbody tfoot colgroup col input link source track area base wbr html rb rt rp rtc param keygen frame"
)
"""Elements without nesting of their own in HTML, which nest like any other inside SVG and MathML: they do not end these, as `p` does."""

_INLINE = _FORMATTING | _words(
    """
    abbr acronym bdi bdo cite del dfn ins kbd label mark q ruby samp span sub sup time tt var data output picture audio video
    canvas
    """
)
"""Elements whose end tag does not reach out of a block inside them."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A text that can be given to a parser."""

    text: str
    flags: list[str] = field(default_factory=list)
    """What was repaired: `attributes_cut`, `tags_cut`, `depth_cut`, `formatting_cut`, `data_uri_cut`, `references_removed`,
    `characters_replaced`."""


def mend(text: str, *, may_hold_nul: bool = True) -> Guarded:
    """Replace NUL, remove references to what is no character. Decoded bytes hold no lone surrogates: `guard` looks for them.

    `may_hold_nul` is false where the bytes held none: bytes are searched in no time, text takes as long as for the references.
    Raises UnreadablePage for a text of more than MAX_CHARS characters.
    """
    if len(text) > MAX_CHARS:
        raise UnreadablePage(f"it has {len(text)} characters, more than {MAX_CHARS}")
    flags: list[str] = []
    if may_hold_nul and "\0" in text:
        text = text.replace("\0", "\ufffd")
        flags.append("characters_replaced")
    if "&#" in text and _BAD_REFERENCE.search(text):
        text = _without_references(text)
        flags.append("references_removed")
    return Guarded(text, flags)


def guard(text: str) -> Guarded:
    """Bring a page within the limits. An honest page comes back as it is.

    The result is never longer than `text`, and guarding it again changes nothing. Raises UnreadablePage for a text of more
    than MAX_CHARS characters.
    """
    has_surrogates = _has_surrogates(text)
    mended = mend(_SURROGATE.sub("\ufffd", text) if has_surrogates else text)
    text, flags = mended.text, mended.flags
    if has_surrogates and "characters_replaced" not in flags:
        flags.insert(0, "characters_replaced")
    tokens = _TOKEN.findall(text)
    nesting = _Nesting(min(MAX_OPEN_FORMATTING, max(1, MAX_REOPENED // max(1, len(tokens)))))
    if not _is_within_limits(tokens, nesting):
        text = _Repair(text, flags, nesting.emptied()).run()
    return Guarded(text, flags)


def _has_surrogates(text: str) -> bool:
    # Encoding is ten times faster than a search by a pattern.
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _without_references(text: str) -> str:
    """Remove references to what is no character. A removal can make a new one of its neighbours; the last pass leaves a space instead."""
    return _BAD_REFERENCE.sub(" ", _BAD_REFERENCE.sub("", text))


def _is_within_limits(tokens: list[_Token], nesting: _Nesting) -> bool:
    """The quick look: no positions, no repairs. True for nearly every page."""
    if len(tokens) > MAX_TAGS:
        return False
    attributes = [raw or other for _, raw, _, _, _, other, _ in tokens if len(raw) + len(other) > 2 * MAX_ATTRIBUTES]
    for found in attributes:
        if _too_many_attributes(found) or _DATA_URI.search(found):
            return False
    return nesting.take_all(tokens)


def _too_many_attributes(attributes: str) -> bool:
    # An attribute and what parts it from the next take two characters.
    return len(attributes) > 2 * MAX_ATTRIBUTES and sum(1 for _ in _ATTRIBUTES.finditer(attributes)) > MAX_ATTRIBUTES


class _Names(dict[str, str]):
    """Tag name as written -> lower case, with "~" where it counts in drawings and formulas alone, or empty where it never counts."""

    def __missing__(self, name: str) -> str:
        lowered = name.lower()
        if lowered not in _VOID and lowered not in _IMPLIED_END:
            self[name] = lowered
        else:
            self[name] = f"~{lowered}" if lowered in _FOREIGN_TOO else ""
        return self[name]


class _Nesting:
    """The elements that are open, more or less as a parser would have it, never fewer than that on purpose."""

    __slots__ = ("_formatting", "_max_formatting", "_names", "_open", "reason")

    def __init__(self, max_formatting: int) -> None:
        self._max_formatting = max_formatting
        self._names = _Names()
        self._open: list[str] = []
        self._formatting = 0
        self.reason = ""
        """The flag for the tag that was refused last."""

    def emptied(self) -> _Nesting:
        """The same limits with nothing open."""
        return _Nesting(self._max_formatting)

    def take_all(self, tokens: list[_Token]) -> bool:
        """`take` for all tokens of a page, until one is refused; the usual cases without a call."""
        names, stack = self._names, self._open
        for raw, _, content, slash, raw_name, _, rest in tokens:
            if raw:
                if "<" in content and self.is_foreign() and not self._take_foreign(raw, content):
                    return False
                continue
            name = names[raw_name]
            if not name or (name[0] == "~" and not (stack and self._is_in_foreign())) or (rest and self._is_closed(name, rest)):
                continue
            if name not in _FORMATTING:
                if not slash:
                    if len(stack) < MAX_DEPTH:
                        stack.append(name)
                        continue
                elif stack and stack[-1] == name:
                    stack.pop()
                    continue
            if not self.take(raw_name, is_end=bool(slash), rest=rest):
                return False
        return True

    def is_foreign(self) -> bool:
        """Whether a drawing or a formula is open."""
        return "svg" in self._open or "math" in self._open

    def _is_in_foreign(self) -> bool:
        """Whether the innermost open element belongs to a drawing or formula."""
        innermost = self._open[-1] if self._open else ""
        return innermost in _SVG or innermost in _ROOTS or innermost.startswith("~")

    def _take_foreign(self, raw: str, content: str) -> bool:
        """Note an element that holds markup where it stands; no attributes are counted there but by its own tag."""
        tags = _TAG_ONLY.findall(content)
        if len(tags) > MAX_TAGS or not self.take(raw, is_end=False):
            return False
        return all(
            self.take(name, is_end=bool(slash), rest=rest) and not _too_many_attributes(attributes)
            for slash, name, attributes, rest in tags
            if name
        )

    def take(self, raw_name: str, *, is_end: bool, rest: str = "") -> bool:
        """Note a tag; False, and nothing noted, for a start tag that would go over a limit. `rest` is what stood before its `>`."""
        name = self._names[raw_name]
        if not name or (name[0] == "~" and not self._is_in_foreign()) or (rest and self._is_closed(name, rest)):
            return True
        stack = self._open
        if is_end:
            if stack and stack[-1] == name:
                stack.pop()
                if name in _FORMATTING:
                    self._formatting -= 1
            else:
                self._close(name)
            return True
        if name in _FORMATTING:
            if self._formatting >= self._max_formatting:
                self.reason = "formatting_cut"
                return False
            self._formatting += 1
        elif len(stack) >= MAX_DEPTH:
            self.reason = "depth_cut"
            return False
        stack.append(name)
        return True

    def _is_closed(self, name: str, rest: str) -> bool:
        """Whether a tag closes itself: the slash means nothing in HTML, but ends an SVG shape."""
        if not rest.endswith("/"):
            return False
        if name in _ROOTS or name.startswith("~"):
            return True
        if name not in _SVG:
            return False
        for found in reversed(self._open):
            if found not in _SVG:
                return found == "svg"
        return False

    def _close(self, name: str) -> None:
        """An end tag that is not the innermost element's: close down to its element, unless something stands between."""
        stack = self._open
        is_inline = name in _INLINE
        for at in range(len(stack) - 1, max(-1, len(stack) - 1 - _CLOSE_REACH), -1):
            found = stack[at]
            if found == name:
                self._formatting -= sum(1 for closed in stack[at:] if closed in _FORMATTING)
                del stack[at:]
                return
            if found in _BARRIERS or (is_inline and found not in _INLINE):
                return


class _Repair:
    """The thorough pass: the same tokens with their places, and the text put together without what is over a limit."""

    def __init__(self, text: str, flags: list[str], nesting: _Nesting) -> None:
        self.text = text
        self.nesting = nesting
        self.flags = flags
        self.pieces: list[str] = []
        self.copied = 0
        """The text up to here is in `pieces`."""
        self.refused: dict[str, int] = {}
        """Name -> start tags left out whose end tags are still to come."""

    def run(self) -> str:
        """The repaired text."""
        for count, token in enumerate(self._tokens(), start=1):
            if count > MAX_TAGS:
                self._replace(token.start(), len(self.text), "")
                self._flag("tags_cut")
                break
            if token.re is _TOKEN and token["raw"]:
                self._attributes(token, "raw_attributes")
                if self.nesting.is_foreign():
                    self._nest(token, token["raw"].lower(), end=token.start("content"))
            elif token["name"]:
                self._attributes(token, "attributes")
                self._nest(token, token["name"].lower(), end=token.end())
        self.pieces.append(self.text[self.copied :])
        return "".join(self.pieces)

    def _tokens(self) -> Iterator[re.Match[str]]:
        """The tokens, and inside drawings and formulas those in the content of raw elements."""
        for token in _TOKEN.finditer(self.text):
            is_foreign = bool(token["raw"] and token["content"]) and self.nesting.is_foreign()
            yield token
            if is_foreign:
                yield from _TAG_ONLY.finditer(self.text, *token.span("content"))

    def _nest(self, token: re.Match[str], name: str, *, end: int) -> None:
        is_end = bool(token["slash"])
        if is_end and self.refused.get(name, 0) > 0:
            self.refused[name] -= 1
        elif self.nesting.take(name, is_end=is_end, rest=token["rest"] or ""):
            return
        else:
            self.refused[name] = self.refused.get(name, 0) + 1
            self._flag(self.nesting.reason)
        # A space, so that a "<" before the tag does not make a new one with what follows it.
        self._replace(token.start(), end if end >= 0 else token.end(), " ")

    def _attributes(self, token: re.Match[str], group: str) -> None:
        start, end = token.span(group)
        attributes = token[group]
        if len(attributes) <= 2 * MAX_ATTRIBUTES:
            return
        if _too_many_attributes(attributes):
            last = next(found.end() for count, found in enumerate(_ATTRIBUTES.finditer(attributes), start=1) if count == MAX_ATTRIBUTES)
            attributes = attributes[:last]
            self._flag("attributes_cut")
        if _DATA_URI.search(attributes):
            attributes = _DATA_URI.sub("data:,", attributes)
            self._flag("data_uri_cut")
        if len(attributes) < end - start:
            self._replace(start, end, attributes)

    def _replace(self, start: int, end: int, instead: str) -> None:
        if start < self.copied:
            # The tag's attributes were replaced before the whole tag was left out: take that back.
            self.pieces = self.pieces[: self._pieces_before]
            self.copied = self._copied_before
        self._pieces_before, self._copied_before = len(self.pieces), self.copied
        self.pieces += (self.text[self.copied : start], instead)
        self.copied = end

    _pieces_before = 0
    _copied_before = 0

    def _flag(self, name: str) -> None:
        if name not in self.flags:
            self.flags.append(name)
