"""Which profile an address gets, what its patterns say, and that secrets and costly patterns stay out."""

from __future__ import annotations

import re
import time

import pytest

from newsarchive.errors import ConfigurationError
from newsarchive.sites import values
from newsarchive.sites.pattern_cost import costly_repeat
from newsarchive.sites.profile import MAX_PATTERN_URL_CHARS, Profiles, SiteProfile, profile_for
from newsarchive.sites.secrets import looks_secret, proxy_of, revealed, variables_of
from newsarchive.sites.values import Wrong, cookie, header, proxy


def test_the_most_particular_domain_wins():
    profiles = Profiles([SiteProfile(name="all", domains=("a.example",)), SiteProfile(name="sport", domains=("sport.a.example",))])
    assert profile_for("https://www.a.example/x", profiles).name == "all"
    assert profile_for("https://www.sport.a.example/x", profiles).name == "sport"
    assert profile_for("https://nota.example/x", profiles) is None
    assert profile_for("no address", profiles) is None


def test_a_port_is_part_of_a_domain_that_names_it():
    profiles = Profiles([SiteProfile(name="test", domains=("127.0.0.1:8000", "localhost"))])
    assert profile_for("http://127.0.0.1:8000/", profiles) is not None
    assert profile_for("http://127.0.0.1:8001/", profiles) is None
    assert profile_for("http://localhost:9/", profiles) is not None
    assert profile_for("http://[::1]:8000/", profiles) is None


def test_profiles_are_found_by_name_and_by_domain():
    profiles = Profiles([SiteProfile(name="River Courier", domains=("courier.example",))])
    assert profiles.named("River Courier") is profiles[0]
    assert profiles.named("Courier.example") is profiles[0]
    assert profiles.named("courier") is None


def test_skip_wins_over_article_and_article_over_listing():
    profile = SiteProfile(domains=("a.example",), article_patterns=(r"/\d+$",), listing_patterns=("/list/",), skip_patterns=("/ads/",))
    assert profile.shape_of("https://a.example/list/1") == "article"
    assert profile.shape_of("https://a.example/ads/1") == "skip"
    assert profile.shape_of("https://a.example/list/a") == "listing"
    assert profile.shape_of("https://a.example/") is None
    assert profile.shape_of("https://a.example/" + "x" * MAX_PATTERN_URL_CHARS + "/list/") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*b",
        r"(\w+\d*)+x",
        "([a-z]+-?)+!",
        "(a|a)+b",
        "(a|ab)(c|bcd)(d*)(a|aa)+z",
        "(aa?)+b",
        "(?:a*ba*)*!",
        "(?:a*a*b)+!",
        "(?:(?:(?:b|b)){2})+!",
        "(?:(?:(?:a{0,3})?){0,3}){0,3}!",
        "(?:(?:a?){10}){10}!",
        "(?:b(?:a*)?)+!",
        ".*.*.*.*.*x",
        "(?:(?:[a/]*){2}){3}!",
    ],
)
def test_patterns_that_can_take_for_ever_are_refused(pattern):
    assert costly_repeat(pattern)


def test_a_warning_of_the_pattern_compiler_is_a_fault_of_the_pattern():
    with pytest.raises(Wrong, match="no regular expression"):
        values.pattern("[[a]")


@pytest.mark.parametrize(
    "pattern",
    [
        r"/\d{4}/\d{2}/[\w-]+\.html$",
        r"(?:/[\w-]+)+/print$",
        r"^https://[^/]+/(?:news|sport)/.+-\d+$",
        r"/(?:page/)?\d+/?$",
        r"(?:[a-z]{2}/)?artikel",
        r"/(\d+)/.*\.ece(?:\?.*)?$",
        r"(?!.*video)/nyheter/.+",
        r"(?:[a-z]+\d*/)+$",
        r"(?:-?\w)+!",
        r"/(?:\w+-)*\d{6,}$",
        r"(?:[^/]+/){2,4}story",
        r"/(?:news|sport|kultur)+/",
    ],
)
def test_ordinary_patterns_pass_and_are_quick(pattern):
    assert costly_repeat(pattern) is None
    began = time.process_time()
    for hostile in ("/a" * 340, "a" * 680, "/1" * 340, "-" * 680, "https://a.example/" + "news/" * 130):
        re.search(pattern, hostile)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer abc"),
        ("X-Api-Key", "k"),
        ("X-Thing", "Basic dXNlcjpwYXNz"),
        ("session_id", "1"),
        ("pref", "a8f5f167f44f4964e6c998dee827110c"),
        ("auth", "prefix-eyJhbGciOiJIUzI1NiJ9abc${REST}"),
    ],
)
def test_literal_secrets_are_recognised(name, value):
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer ${TOKEN}"),
        ("session", "${SESSION}"),
        ("consent", "all"),
        ("Accept-Language", "nb-NO,nb;q=0.9,en;q=0.5"),
        ("Referer", "https://www.example.com/"),
        ("edition", "2026-03-01"),
    ],
)
def test_ordinary_values_are_no_secrets(name, value):
    assert not looks_secret(name, value)


def test_a_refused_secret_is_not_repeated_in_the_message():
    for check, name, value in ((header, "Authorization", "Bearer s3cr3t-s3cr3t-s3cr3t"), (cookie, "sid", "s3cr3t-s3cr3t-s3cr3t")):
        with pytest.raises(Wrong) as caught:
            check(name, value)
        assert "s3cr3t" not in str(caught.value)
        assert "environment variable" in str(caught.value)


def test_a_password_in_a_proxy_address_is_refused():
    with pytest.raises(Wrong, match="password does not belong in a file"):
        proxy("http://user:hunter2@proxy.example:3128")
    assert proxy("http://user:${PASSWORD}@proxy.example:3128")
    assert proxy("${PROXY}") == "${PROXY}"


def test_secrets_come_from_the_environment_alone():
    profile = SiteProfile(domains=("a.example",), headers={"X-Key": "${KEY}-${KEY}"}, proxy="${PROXY}")
    assert variables_of(profile) == ["KEY", "PROXY"]
    assert revealed("a ${KEY} b", {"KEY": "k"}) == "a k b"
    assert proxy_of(profile, {"PROXY": "http://p.example:1"}) == "http://p.example:1"
    for environment in ({}, {"KEY": ""}, {"KEY": "a\r\nX-Evil: 1"}):
        with pytest.raises(ConfigurationError, match="KEY"):
            revealed("${KEY}", environment)


def test_a_wrong_proxy_from_the_environment_is_not_repeated():
    profile = SiteProfile(name="a", domains=("a.example",), proxy="${PROXY}")
    with pytest.raises(ConfigurationError) as caught:
        proxy_of(profile, {"PROXY": "socks5://user:hunter2@p.example"})
    assert "hunter2" not in str(caught.value)
