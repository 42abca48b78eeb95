"""The error stream of a crawl: JSON alone where JSON was asked for, and in both formats nothing secret and nothing a terminal obeys."""

from __future__ import annotations

import json
import unicodedata

from loopback import Answer, Site, article_html, listing_html

from newsarchive.errors import ExitCode

STORY = "/2026/11/18/ferry-is-back-again"


def is_harmless(text: str) -> bool:
    return not [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")]


def test_a_crawl_logs_json_and_nothing_else(crawler):
    moved = Answer(b"", 302, {"Location": "http://bob:hunter2222@127.0.0.1:9/x?token=abcdefgh1234"})
    pages = {
        "/": Answer(listing_html([STORY, "/moved-to-another-place-today"])),
        STORY: Answer(article_html(1)),
        "/moved-to-another-place-today": moved,
    }
    with Site(pages) as site:
        url, places = f"{site.url}/", ["--archive", str(crawler.archive), "--allow-address", site.allow]
        ran = crawler.run("crawl", url, *places, "--log-format", "json")
        verbose = crawler.run("crawl", url, *places, "-v", "--revisit", "now")
        silent = crawler.run("crawl", url, *places, "--quiet", "--revisit", "now")
    lines = [json.loads(line) for line in ran.err.splitlines()]
    stored = next(line for line in lines if line.get("outcome") == "stored")
    assert (stored["url"], stored["site"], stored["status"], stored["run"]) == (site.url + STORY, "127.0.0.1", 200, 1)
    assert any(line["event"] == "progress" and line["found"] >= 1 for line in lines)
    assert {line["logger"].split(".")[0] for line in lines} >= {"newsarchive", "scrapy"}
    assert "stored" in ran.out, "the summary stays on the output"
    assert f"unchanged: {site.url}{STORY}" in verbose.err
    assert silent.err == ""
    for text in (ran.err, verbose.err):
        assert "hunter2222" not in text
        assert "abcdefgh1234" not in text
        assert is_harmless(text)


def test_the_error_a_command_ends_with_is_a_line_of_the_log(crawler):
    ran = crawler.run(
        "crawl",
        "https://example.com/",
        "--archive",
        str(crawler.archive),
        "--contact",
        "x@y.example",
        "--sites",
        "/none",
        "--log-format",
        "json",
    )
    last = json.loads(ran.err.splitlines()[-1])
    assert ran.code == ExitCode.NOT_FOUND or ran.code == ExitCode.CONFIGURATION, ran.err
    assert (last["level"], last["logger"]) == ("error", "newsarchive")
    assert "/none" in last["event"]
