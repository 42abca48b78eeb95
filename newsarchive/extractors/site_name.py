"""The name of the site, and its removal from titles: the two know each other, since titles end in the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsarchive.extractors.jsonld import strings
from newsarchive.extractors.structured import Choice, Structured, squeeze
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.urls import registrable_domain

SEPARATORS = re.compile(
    r"\s+[|–—‒·•»«:/~>←→⟩-]{1,3}\s+|\s*[|｜ㅣ︱│‖]\s*|\s*：\s*|\s+::\s+|--+|\s*_(?=[^_\s]+$)|\s+[–—-](?=\S)|(?<=\S)[–—]\s+"
)
"""What stands between a headline and the site's name or section."""

_MARKS = frozenset("|–—‒·•»«:/~>←→⟩-｜ㅣ︱│‖：_")
"""Of which every separator has one: most titles are told from those with a name by a look at their characters."""

_HARD = frozenset("|｜ㅣ︱│‖")
"""Separators that editors do not write inside a headline."""

MAX_NAME_WORDS = 6
"""Words. The longest site name on the bench pages has five."""

MAX_NAME_CHARS = 60

MAX_TITLE_CHARS = 1600
"""Characters of a title in which a name is looked for."""


@dataclass(slots=True)
class Names:
    """What the site calls itself, as far as the page says."""

    stated: list[tuple[str, str]] = field(default_factory=list)
    """(source id, name) in order of trust."""
    keys: set[str] = field(default_factory=set)
    """Squeezed names, the domain's labels included."""
    sections: set[str] = field(default_factory=set)
    """Squeezed names of the page's sections."""
    cuts: dict[str, tuple[str, str | None]] = field(default_factory=dict, repr=False)
    """What `without_name` made of titles: each is asked for two or three times a page."""

    def is_name(self, text: str) -> bool:
        """Whether a piece of a title is the site's name, or the name with a word such as `News` or `Online`."""
        key = squeeze(text)
        if not key:
            return True
        if key in self.keys:
            return True
        if len(text.split()) > MAX_NAME_WORDS or len(text) > MAX_NAME_CHARS:
            return False
        return any(
            len(name) >= MIN_PART and ((name in key and len(name) * 2.5 >= len(key)) or (key in name and len(key) >= 4))
            for name in self.keys
        )


MIN_PART = 3
"""Characters. A shorter name inside a piece of text is chance."""


def site_names(structured: Structured) -> Names:
    """Collect what the page says of its site's name."""
    document, names = structured.document, Names()
    for key in (
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "al:ios:app_name",
        "twitter:app:name:iphone",
        "publisher",
        "copyright",
    ):
        value = document.meta(key)
        if value and len(value) <= MAX_NAME_CHARS:
            names.stated.append((key.replace(":", "-"), value))
    names.stated += [("jsonld-publisher", name) for name in structured.publisher_names if len(name) <= MAX_NAME_CHARS]
    logo = _logo_name(structured)
    if logo:
        names.stated.append(("logo-link", logo))
    handle = (document.meta("twitter:site") or "").lstrip("@")
    if handle and "/" not in handle:
        names.keys.add(squeeze(handle))
    names.keys |= {squeeze(name) for _, name in names.stated} | _domain_keys(document.url) | _own_account(document)
    names.keys = {key for key in names.keys if len(key) >= 2}
    sections = [content for name, content in document.metas if "section" in name or "categor" in name]
    sections += strings(structured.ld("articleSection"))
    for node in structured.jsonld.nodes:
        if "breadcrumblist" in node.types:
            items = node.data.get("itemListElement")
            for item in items[:8] if isinstance(items, list) else []:
                if isinstance(item, dict):
                    sections += list(strings(item.get("name"))) + list(strings(item.get("item")))
    names.sections = {squeeze(section) for section in sections if section and len(section) <= MAX_NAME_CHARS}
    return names


def _own_account(document: Document) -> set[str]:
    """The name in an author element that gives the site's own address with it: `Harbour Post (www.harbourpost.example)`."""
    author = document.meta("author")
    if not author or not document.url or len(author) > MAX_NAME_CHARS or registrable_domain(document.url) not in author.lower():
        return set()
    return {squeeze(re.sub(r"[(\[<].*", "", author))}


def _domain_keys(url: str | None) -> set[str]:
    if not url:
        return set()
    domain = registrable_domain(url)
    host = url.split("/")[2].lower().removeprefix("www.") if url.count("/") >= 2 else domain
    return {squeeze(domain), squeeze(domain.split(".")[0]), squeeze(host)}


_ROOT = re.compile(r"https?://[^/?#\s]{1,200}/?")
"""The home page of any site: on a page whose own address is not known, a link there is taken for the logo's."""


def _logo_name(structured: Structured) -> str | None:
    """The text (or the picture's description) of the first link to the home page that looks like a logo."""
    document = structured.document
    home = {"/", "./", "/index.html", "/index.php", ""}
    own = (document.url or "").split("/")
    if len(own) >= 3:
        base = "/".join(own[:3])
        home |= {base, base + "/"}
    for link in document.tree.by_tag("a")[:80]:
        href = link.attrs.get("href", "#").strip()
        if href not in home and (document.url is not None or not _ROOT.fullmatch(href)):
            continue
        text = link.text or next((image.attrs.get("alt", "") for image in _images(link, structured)), "") or link.attrs.get("title", "")
        text = re.sub(
            r"^(?:back to|go to|return to|home ?page of|home of)\s+|\s+(?:logo|home ?page|home|startseite|accueil|inicio)$",
            "",
            text.strip(),
            flags=re.I,
        )
        if text and len(text) <= MAX_NAME_CHARS and len(text.split()) <= MAX_NAME_WORDS and squeeze(text) not in _HOME_WORDS:
            return text
    return None


_HOME_LINKS = """home homepage startseite accueil inicio início logo skiptocontent skiptomaincontent menu start hem hjem forside
etusivu главная главнаястраница stronagłówna principal portada front frontpage ホーム トップ 首页 首頁 홈
anasayfa trangchủ back news subscribe"""
_HOME_WORDS = frozenset(_HOME_LINKS.split())
"""Texts of links to the home page that are no names."""


def _images(link: Element, structured: Structured) -> list[Element]:
    return structured.document.tree.below(link, "img")


def without_name(title: str, names: Names) -> tuple[str, str | None]:
    """(the title without the site's name and trailing sections, the name that was cut off or None)."""
    if len(title) > MAX_TITLE_CHARS or _MARKS.isdisjoint(title):
        return title, None
    known = names.cuts.get(title)
    if known is None:
        known = names.cuts[title] = _without_name(title, names)
    return known


def _without_name(title: str, names: Names) -> tuple[str, str | None]:
    cut: str | None = None
    text = title.strip()
    for _ in range(4):
        pieces = [match for match in SEPARATORS.finditer(text) if match.start() > 0]
        if not pieces:
            break
        first, last = pieces[0], pieces[-1]
        tail, head = text[last.end() :].strip(), text[: first.start()].strip()
        if names.is_name(tail):
            cut = cut or tail
            text = text[: last.start()].strip()
        elif cut is not None and squeeze(tail) in names.sections:
            text = text[: last.start()].strip()
        elif names.is_name(head) and len(text[first.end() :].split()) >= 2:
            cut = cut or head
            text = text[first.end() :].strip()
        elif last.group().strip() in _HARD and 0 < len(tail.split()) <= 4 and len(text[: last.start()].split()) > len(tail.split()):
            cut = cut or tail
            text = text[: last.start()].strip()
        else:
            break
    if cut is not None and "-" in text:
        head, _, tail = text.rpartition("-")
        text = head.strip() if squeeze(tail) in names.sections and len(head.split()) > 1 else text
    return (text or title), cut


def without_trailing_name(title: str, names: Names) -> str:
    """A title that ends in the site's name without any separator, without it. Only a name that the page states itself counts."""
    for _, name in names.stated:
        head = title[: -len(name)].rstrip()
        if title.endswith(" " + name) and len(head.split()) >= MIN_HEADLINE_WORDS:
            return head
    return title


MIN_HEADLINE_WORDS = 3
"""Words before a site's name without a separator that can be a headline: `About Harbour Post` stays whole."""


def choose_site_name(structured: Structured, names: Names, *, heading: str | None = None) -> Choice:
    """The site's name, or None where the page does not say.

    `heading` is the headline: what the title element has beyond it is a name where the domain or the logo says so too, or
    where it stands behind a bar.
    """
    own = _domain_keys(structured.document.url)
    title = structured.document.head_title
    candidates = [FieldCandidate("site_name", _shortened(name, own, heading), source) for source, name in names.stated]
    cut = without_name(title or "", names)[1]
    remainder = _remainder(title, heading, names) or (cut if cut and names.is_name(cut) else None)
    if remainder:
        candidates.append(FieldCandidate("site_name", remainder, "title-remainder"))
    shown = own | {squeeze(remainder or "-"), squeeze(cut or "-")}
    key = squeeze(title or "")
    usable = [c for c in candidates if c.source in _TRUSTED and not c.value.startswith(("http:", "https:", "@"))]
    logo = [c for c in candidates if c.source == "logo-link" and (squeeze(c.value) in shown or key.endswith(squeeze(c.value)))]
    order = usable + [c for c in candidates if c.source == "title-remainder"] + logo
    if not order:
        return Choice(None, None, candidates)
    winner = order[0]
    marked = [FieldCandidate(c.field, c.value, c.source, c is winner) for c in candidates]
    return Choice(winner.value, winner.source, marked)


_TRUSTED = ("og-site_name", "jsonld-publisher", "application-name", "apple-mobile-web-app-title")


def _shortened(name: str, own: set[str], heading: str | None) -> str:
    """A stated name without the slogan or the headline that some pages state with it: the part that the domain repeats."""
    pieces = [piece for piece in SEPARATORS.split(name) if piece and piece.strip()]
    if len(pieces) < 2 or squeeze(name) in own:
        return name
    if heading and name.startswith(heading):
        return pieces[-1]
    return next((piece for piece in pieces if len(squeeze(piece)) >= MIN_PART and any(squeeze(piece) in key for key in own)), name)


def _remainder(title: str | None, heading: str | None, names: Names) -> str | None:
    """The site's name in what a title element has behind (or before) the headline: its outermost part, sections lie between."""
    if not title or not heading or len(heading) < MIN_HEADING_CHARS or title == heading:
        return None
    if title.startswith(heading):
        rest, place = title[len(heading) :], -1
    elif title.endswith(heading):
        rest, place = title[: -len(heading)], 0
    else:
        return None
    pieces = [piece.strip(_EDGES) for piece in SEPARATORS.split(rest) if any(char.isalpha() for char in piece)]
    if not pieces or len(pieces[place]) > MAX_NAME_CHARS:
        return None
    outermost = pieces[place]
    if names.is_name(outermost):
        return outermost
    is_barred = place == -1 and any(bar in rest for bar in _HARD) and squeeze(outermost) not in names.sections
    return outermost if is_barred and _UNCONFIRMED.fullmatch(outermost) else None


_UNCONFIRMED = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: (?:of|the|de|la|del|di|van)| [^\W\d_a-z][\w'’.-]*){1,4}")
"""A tail behind a bar that nothing else confirms: two to five capitalised words, so that sections and slogans stay out."""

MIN_HEADING_CHARS = 8
"""Characters of a headline that is looked for in the title element: shorter ones stand in many titles by chance."""

_EDGES = " |–—-·•»«:/~_"
