"""Secrets of a profile travel over TLS alone, or to an address that the operator allowed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.http import Request
from scrapy.settings import Settings

from newsarchive.crawl.profiles import ProfileMiddleware
from newsarchive.sites.profile import Profiles, SiteProfile

PROFILE = SiteProfile(
    name="paper",
    domains=("paper.example", "127.0.0.1"),
    headers={"X-Plain": "yes", "Authorization": "Bearer ${PAPER_TOKEN}"},
    cookies={"consent": "all", "sid": "${PAPER_TOKEN}"},
)


def sent(url: str, notes: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, str], list[str]]:
    """The headers that the middleware puts on a request."""
    monkeypatch.setenv("PAPER_TOKEN", "sesame")
    downloader = SimpleNamespace(_get_slot=lambda request: ("slot", SimpleNamespace()))
    crawler = SimpleNamespace(
        settings=Settings({"ALLOW_ADDRESSES": ["127.0.0.1:8000"], "CONNECT_TO": []}),
        session=SimpleNamespace(profiles=Profiles([PROFILE]), note=notes.append),
        engine=SimpleNamespace(downloader=downloader),
        get_extension=lambda kind: None,
    )
    request = Request(url)
    asyncio.run(ProfileMiddleware(crawler).process_request(request))
    return {name.decode(): b"".join(value).decode() for name, value in request.headers.items()}, notes


@pytest.mark.parametrize("url", ["https://www.paper.example/a", "http://127.0.0.1:8000/a"])
def test_secrets_are_sent_over_tls_and_to_allowed_addresses(url, monkeypatch):
    headers, notes = sent(url, [], monkeypatch)
    assert headers["Authorization"] == "Bearer sesame"
    assert headers["Cookie"] == "consent=all; sid=sesame"
    assert notes == []


@pytest.mark.parametrize("url", ["http://www.paper.example/a", "http://127.0.0.1:8001/a"])
def test_secrets_are_not_sent_without_tls_and_the_summary_says_so(url, monkeypatch):
    headers, notes = sent(url, [], monkeypatch)
    assert headers == {"X-Plain": "yes", "Cookie": "consent=all"}
    assert "secrets of the profile are not sent without TLS" in notes[0]


def test_nothing_is_sent_to_other_sites(monkeypatch):
    assert sent("https://elsewhere.example/", [], monkeypatch) == ({}, [])
