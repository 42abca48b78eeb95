"""What the address of a link says before anyone follows it: signs of a story, of a section, of a service.

Every test is a look-up of whole path pieces in a set, or a short pattern tried after a cheap sign of it: a page has a
hundred links, and most of them are asked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from newsarchive.urls import is_tracking_parameter

MIN_CODE_CHARS = 8
MIN_CODE_DIGITS = 3
"""Length and digits of a piece of a path that is a story's code rather than a word."""
MIN_OWN_SCRIPT_CHARS = 12
"""Characters of a path in another script than ASCII that are a slug."""

_ADDRESS = re.compile(r"https?://([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.I)


def split_address(url: str) -> tuple[str, str, str]:
    """(host with port in lower case, path, query) of an absolute address; a quarter of the time of `urlsplit`."""
    match = _ADDRESS.match(url)
    return (match.group(1).rpartition("@")[2].lower(), match.group(2), match.group(3) or "") if match else ("", "", "")


def host_of(url: str) -> str:
    """The host of an absolute address without port and `www.`."""
    return address_of(url).host.partition(":")[0].removeprefix("www.")


class Address:
    """An absolute address, taken apart once."""

    __slots__ = ("_shape", "host", "key", "path", "query")

    def __init__(self, url: str) -> None:
        self.host, self.path, self.query = split_address(url)
        """Host with port in lower case, path and query as written."""
        host = self.host.removeprefix("www.")
        path = self.path.rstrip("/")
        query = _telling(self.query) if self.query else ""
        self.key = f"{host}{path}?{query}" if query else host + path
        """Under what it is compared on one page: host without `www.`, path without end slash, query without tracking."""
        self._shape: Shape | None = None

    @property
    def shape(self) -> Shape:
        """What it looks like; read when first asked for, since most links are judged without."""
        if self._shape is None:
            self._shape = path_shape(self.path, self.query)
        return self._shape


@lru_cache(maxsize=16384)
def address_of(url: str) -> Address:
    """An absolute address, taken apart."""
    return Address(url)


def target_key(url: str) -> str:
    """Under what an address is compared on one page: host without `www.`, path without end slash, query without tracking."""
    return address_of(url).key


def _telling(query: str) -> str:
    """The parameters that choose what the page shows, sorted."""
    return "&".join(sorted(piece for piece in query.split("&") if piece and not _is_origin(piece.split("=", 1)[0])))


_ORIGIN = re.compile(
    r"i?ref|referrer|referer|cmp|int_?cmp|intc\w*|itid|mod|cid|at_\w+|cx_\w+|vtm_\w+|traffic_source|via|rss|share|origin|amp|gmpage|maca",
    re.I,
)
"""Parameters that say where on the site a link stood; two links that differ in these alone lead to one story."""


@lru_cache(maxsize=1024)
def _is_origin(name: str) -> bool:
    return is_tracking_parameter(name) or bool(_ORIGIN.fullmatch(name))


_HUB_WORDS = (
    "artist artists "
    "tag tags topic topics tema temas themen theme thema thema- themes category categories categorie categoria kategorie kategori "
    "rubrik rubrique section sections author authors autor autores auteur auteurs autoren autore reporter reporters journalist "
    "journalists staff people profile profiles profil user users member members contributor contributors by keyword keywords "
    "schlagwort etiqueta etiquetas mot-cle suche search buscar recherche login signin sign-in register account abo abonnement "
    "abonnements subscribe subscription subscriptions newsletter newsletters podcast podcasts shop store job jobs event events "
    "contact kontakt impressum datenschutz privacy terms agb about about-us ueber-uns feed rss help hilfe faq weather wetter "
    "horoscope horoscopes puzzles games emne emner aihe aiheet amne amnen temat tematy dossier dossiers sujet sujets onderwerp onderwerpen "
    "etiket stichwort stitek rubrika rubriky seccion secciones sezione sezioni epaper e-paper wp-login.php cdn-cgi comment comments"
)
_HUB = frozenset(_HUB_WORDS.split())
"""Pieces of a path that lead to a section, a person or a service rather than to a story."""
_SERVICE_WORDS = (
    "subscribe subscription subscriptions subscription-offers abo abonnement abonnements abonnieren suscripcion suscribete "
    "abbonamenti assine assinatura newsletter newsletters login signin sign-in signup sign-up register account privacy terms "
    "impressum datenschutz agb kontakt contact about-us cdn-cgi password epaper e-paper advertise jobs attachment write-for-us contact-us"
)
_SERVICE = frozenset(_SERVICE_WORDS.split())
_LISTING_WORDS = "tag tags category categories categoria kategorie search suche buscar recherche author authors autor autores"
_LISTING = frozenset(_LISTING_WORDS.split())
_TOPIC_WORDS = (
    "tag tags topic topics tema temas themen theme thema themes emne emner aihe aiheet amne amnen temat tematy dossier dossiers "
    "sujet sujets onderwerp onderwerpen hashtag hashtags keyword keywords schlagwort stichwort"
)
_TOPIC = frozenset(_TOPIC_WORDS.split())
_PERSON_WORDS = (
    "author authors autor autores auteur auteurs autoren autore reporter reporters journalist journalists staff people profile "
    "profiles profil user users member members contributor contributors by team"
)
_PERSON = frozenset(_PERSON_WORDS.split())
_EXTENSIONS = (".html", ".htm", ".shtml", ".shtm", ".php", ".asp", ".aspx", ".jsp", ".ece", ".cms")
_SLUG = re.compile(r"[^/_.-]+(?:[-_+][^/_.-]+){2,}")
_DIGITS = re.compile(r"\d{4,}")
_YEAR_OF_SLUG = re.compile(r"(?<=[a-z]-)20[0-4]\d(?=-[a-z]|$)", re.I)
"""A year among the words of a headline (`best-exhibitions-2025`) numbers no story."""
_SERIAL = re.compile(r"(?<!\d)(\d{9,})[^/\d.]*(\.[a-z]+)?$", re.I)
_ANY_DIGIT = re.compile(r"\d")
_QUERY_NUMBER = re.compile(r"(?:^|&)(?:\w*id|p|a|art|article|no|nr|num|news|newsid)=\w*\d", re.I)


class Shape:
    """What an address looks like: signs of a story, signs of a section."""

    __slots__ = ("_plain", "depth", "digits", "hub", "pieces", "slug")

    def __init__(self, path: str, query: str) -> None:
        plain = self._plain = (unquote(path) if "%" in path else path).strip("/")
        self.pieces = plain.lower().split("/") if plain else []
        """The pieces of the path in lower case."""
        self.depth = len(self.pieces) - self.pieces.count("")
        self.hub = not _HUB.isdisjoint(self.pieces)
        """Whether a piece of the path names a section, a person or a service."""
        self.slug = (plain.count("-") + plain.count("_") + plain.count("+") > 1 and _SLUG.search(plain) is not None) or (
            len(plain) > MIN_OWN_SCRIPT_CHARS and not plain.isascii()
        )
        """Whether a piece has three words or more, or another script's letters."""
        self.digits = _has_number(plain) or (query != "" and _QUERY_NUMBER.search(query) is not None)
        """Whether it holds a number or a generated code, in the path or the query."""

    @property
    def story(self) -> bool:
        """Whether it looks like a story's address: a slug of three words, or a number."""
        return self.slug or self.digits

    def serves(self, own: Shape) -> bool:
        """Whether it leads to subscriptions, accounts or legal pages; no word tells that the page's own path has too (`/terms/`)."""
        return any(piece in _SERVICE and piece not in own.pieces for piece in self.pieces)

    def is_hub(self, own: Shape) -> bool:
        """Whether a piece that the page's own path does not have names a section, a person or a service."""
        return self.hub and any(piece in _HUB and piece not in own.pieces for piece in self.pieces)

    @property
    def listing(self) -> bool:
        """A tag's, section's or author's page, whatever its slug."""
        return self.depth > 1 and not _LISTING.isdisjoint(self.pieces[:-1])

    @property
    def index(self) -> bool:
        """The index page of a folder, as sections and series have (`/series/index.html`, `/series/list.html?id=7`)."""
        return self.depth > 1 and self.pieces[-1].partition(".")[0] in ("index", "list")

    @property
    def topic(self) -> bool:
        """A topic's page."""
        return not _TOPIC.isdisjoint(self.pieces)

    @property
    def person(self) -> bool:
        """A person's page."""
        return not _PERSON.isdisjoint(self.pieces)

    @property
    def extension(self) -> bool:
        """Whether it ends like a file that a server makes a page from."""
        return self._plain.endswith(_EXTENSIONS)

    @property
    def serial(self) -> str:
        """How the system behind the site numbers its stories (digits and extension); empty for short numbers, which are everywhere."""
        found = _SERIAL.search(self._plain)
        return f"{len(found.group(1))}{found.group(2)}" if found else ""

    def is_like(self, own: Shape) -> bool:
        """Whether an address can be a story's of the site whose story has the address `own`."""
        if own.digits and not self.digits:
            return False
        if own.extension and not self.extension and not self.slug:
            return False
        if own.slug and not own.digits and not self.story:
            return False
        return not (own.depth >= 2 and self.depth < own.depth - 2)


def _has_number(plain: str) -> bool:
    if not _ANY_DIGIT.search(plain):
        return False
    return _DIGITS.search(_YEAR_OF_SLUG.sub("", plain)) is not None or any(_is_code(piece) for piece in plain.split("/"))


def _is_code(piece: str) -> bool:
    """Whether a piece of a path is a generated number in letters and digits (`AST1D3H5XT1DUTIL`)."""
    stem = piece.partition(".")[0]
    return len(stem) >= MIN_CODE_CHARS and stem.isalnum() and sum(char.isdigit() for char in stem) >= MIN_CODE_DIGITS


@lru_cache(maxsize=16384)
def path_shape(path: str, query: str) -> Shape:
    """The shape of an address's path and query."""
    return Shape(path, query)


_HREF_PATH = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*)?([^?#]*)", re.I)


@lru_cache(maxsize=4096)
def person_path(href: str) -> bool:
    """Whether an address, as written in a page, leads to a person's page."""
    match = _HREF_PATH.match(href)
    return match is not None and path_shape(match.group(1), "").person


def shape_of(url: str) -> Shape:
    """The shape of an absolute address."""
    return address_of(url).shape
