"""URL identity: what makes two spellings one address, and which addresses belong to one site.

Normalisation follows RFC 3986 section 6.2.2 (case, dot segments, percent-encoding) through w3lib, and drops the
query parameters that only say where a reader came from.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url, safe_url_string

from newsarchive.errors import InvalidUrl

TRACKING_PARAMETERS = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "mc_cid",
        "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "cmpid", "ocid", "icid", "ncid", "ito", "xtor", "at_medium",
        "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "wt_mc", "wt_zmc", "smid", "smtyp", "spm", "scm",
        "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "_openstat", "rb_clickid", "s_cid", "soc_src", "soc_trk",
        "__twitter_impression",
        "amp_js_v", "amp_gsa", "usqp", "guccounter", "guce_referrer", "guce_referrer_sig", "ns_mchannel", "ns_source", "ns_campaign",
        "ns_linkname", "ns_fee", "fb_action_ids", "fb_action_types", "fb_source", "action_object_map", "ref_src", "ref_url",
    }
)  # fmt: skip
"""Query parameters that never choose the content. `ref`, `source`, `from` and `id` are not here: some sites choose by them."""

TRACKING_PREFIXES = ("utm_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "stm_")
_SCHEMES = ("http", "https")
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)


def is_tracking_parameter(name: str) -> bool:
    """Whether a query parameter only tells where the reader came from."""
    lowered = name.lower()
    return lowered in TRACKING_PARAMETERS or lowered.startswith(TRACKING_PREFIXES)


_WHOLE = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*/[A-Za-z0-9_%.~,:@!&+=/-]*(?:\?[A-Za-z0-9_%.~,:@!&+=/-]+)?")
"""Addresses that a browser takes as they stand, whatever the page's own: four in five of what is resolved for the metadata."""


def absolute(href: str, base: str) -> str | None:
    """Resolve a link as a browser does; None for what is no http(s) address or cannot be parsed."""
    if _WHOLE.fullmatch(href):
        return href
    href = href.strip(" \t\r\n\f\x00").replace("\n", "").replace("\r", "").replace("\t", "")
    if not href or href.startswith("#"):
        return None
    try:
        joined = urljoin(base, href)
        parts = urlsplit(joined)
        if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
            return None
        _ = parts.port
        return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))
    except ValueError:
        return None


_PLAIN = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*/?")
"""Addresses that are normal as they stand: most of those in sitemaps, at a twentieth of the time. A test compares both ways."""


@lru_cache(maxsize=65536)
def normalise(url: str) -> str:
    """One spelling for one address: this is what the crawl requests and the frontier knows.

    Lower-case scheme and host (punycode), default port, fragment and tracking parameters dropped, percent-encoding and
    dot segments made regular, parameters in their order. Raises InvalidUrl for what is no http(s) URL.
    """
    if _PLAIN.fullmatch(url):
        return url if url.count("/") > 2 else url + "/"
    try:
        return _normalised(url)
    except ValueError as error:  # of the standard library: a path like //[ , a lone surrogate
        raise InvalidUrl(f"{url[:200]!r} is no valid URL ({error}); write it like https://example.com/news") from None


def _normalised(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise InvalidUrl(f"{url[:200]!r} is no valid URL ({error}); write it like https://example.com/news") from None
    if scheme not in _SCHEMES or not host:
        raise InvalidUrl(f"{url[:200]!r} is no http or https URL; write it like https://example.com/news")
    host = _ascii_host(host)
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port is None or port == {"http": 80, "https": 443}[scheme] else f"{host}:{port}"
    path = urlsplit(urljoin(f"{scheme}://{netloc}/", parts.path or "/")).path if "/." in parts.path else parts.path or "/"
    query = parts.query
    if query:
        pairs = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not is_tracking_parameter(k)]
        kept = [piece for piece in query.split("&") if piece and not is_tracking_parameter(unquote_plus(piece.split("=", 1)[0]))]
        query = "&".join(kept) if len(kept) == len(pairs) else urlencode(pairs)
    found = str(safe_url_string(urlunsplit((scheme, netloc, path, query, ""))))
    if found[len(scheme) + 3 :].lstrip(".")[:1] in ("", "/", "?", ":"):  # a host of dots or backslashes
        raise InvalidUrl(f"{url[:200]!r} names no host; write it like https://example.com/news")
    return found


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host)


@lru_cache(maxsize=65536)
def identity(url: str) -> str:
    """The key under which an address is compared: `normalise`, parameters sorted, no trailing slash or `index.html`."""
    normal = normalise(url)
    start = normal.find("/", len("https://"))
    if start > 0 and _PLAIN.fullmatch(normal):
        return normal[:start] + _bare_path(normal[start:])
    parts = urlsplit(str(canonicalize_url(normal)))
    return urlunsplit((parts.scheme, parts.netloc, _bare_path(parts.path), parts.query, ""))


def _bare_path(path: str) -> str:
    for name in ("/index.html", "/index.htm", "/index.php"):
        if path.endswith(name):
            path = path[: -len(name)] + "/"
    return path.rstrip("/") or "/"


def article_id(key: str) -> str:
    """The short stable name of an article: 16 hexadecimal digits of the SHA-256 of its identity, `http` read as `https`.

    The same in every archive and after every merge.
    """
    key = identity(key)
    if key.startswith("http://"):
        key = "https://" + key[len("http://") :]
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:16]


@lru_cache(maxsize=65536)
def host_of(url: str) -> str:
    """Host and, where it is not the scheme's default, port: the unit of politeness. Empty for what is no URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if port is None or port == {"http": 80, "https": 443}.get(parts.scheme) else f"{host}:{port}"


@lru_cache(maxsize=65536)
def registrable_domain(url_or_host: str) -> str:
    """The domain somebody registered (`bbc.co.uk` for `www.bbc.co.uk`), by the public suffix list bundled with tldextract.

    An address without a public suffix (localhost, an IP address) is its own domain.
    """
    host = host_of(url_or_host) if "://" in url_or_host else url_or_host
    bare = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    return _registered(bare)


@lru_cache(maxsize=8192)
def _registered(bare: str) -> str:
    """By host, of which a crawl meets far fewer than addresses."""
    return _suffixes(bare).top_domain_under_public_suffix or bare


def same_site(a: str, b: str) -> bool:
    """Whether two addresses share their registrable domain."""
    return bool(registrable_domain(a)) and registrable_domain(a) == registrable_domain(b)
