"""The short way of addresses that are normal as they stand gives what the long way gives."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from newsarchive import urls
from newsarchive.errors import InvalidUrl

segment = st.text(alphabet="abzAZ09_-.~%é ", min_size=0, max_size=6)
addresses = st.builds(
    lambda scheme, host, path, rest: f"{scheme}://{host}{path}{rest}",
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "A.example", "xn--bcher-kva.example", "127.0.0.1", "a-b.example:80", "localhost", "a.example."]),
    st.lists(st.one_of(segment, st.sampled_from(["index.html", "index.php", ".", "..", "a", "news-1"])), max_size=4).map(
        lambda parts: "".join("/" + part for part in parts)
    ),
    st.sampled_from(["", "/", "?a=1", "#x", "/index.html"]),
)


def long_identity(url: str) -> str:
    parts = urlsplit(str(canonicalize_url(urls._normalised(url))))
    path = parts.path
    for name in ("/index.html", "/index.htm", "/index.php"):
        if path.endswith(name):
            path = path[: -len(name)] + "/"
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/") or "/", parts.query, ""))


@settings(max_examples=600, deadline=None)
@given(addresses)
def test_both_ways_agree(url):
    assert urls.normalise(url) == urls._normalised(url)
    assert urls.identity(url) == long_identity(url)


@settings(max_examples=300, deadline=None)
@given(addresses, st.sampled_from(["https://a.example/news/", "http://other.example/", ""]))
def test_a_whole_address_is_resolved_to_itself(url, base):
    if urls._WHOLE.fullmatch(url):
        parts = urlsplit(urljoin(base, url))
        assert urls.absolute(url, base) == url == urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://a.example", "https://a.example/"),
        ("https://a.example/", "https://a.example/"),
        ("https://a.example/x/", "https://a.example/x"),
        ("https://a.example/x/index.html", "https://a.example/x"),
        ("https://a.example/index.php", "https://a.example/"),
        ("https://a.example/2026/05/a-story.html", "https://a.example/2026/05/a-story.html"),
    ],
)
def test_plain_addresses_have_plain_identities(url, identity):
    assert urls._PLAIN.fullmatch(url)
    assert urls.identity(url) == identity


@pytest.mark.parametrize("url", ["http://a.example//[x/./", "https://a.example/\ud800", "http://./", "http://", "http://\\a/"])
def test_what_cannot_be_taken_apart_is_no_address(url):
    with pytest.raises(InvalidUrl):
        urls.normalise(url)
