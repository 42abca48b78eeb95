"""The README's first screen, typed as it stands: the demo newspaper crawled twice, then searched, shown and examined."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from newsarchive.cli.main import run

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    """Runs `newsarchive` in a folder of its own, with a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE")} | {
            "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "NEWSARCHIVE_ARCHIVE": str(self.archive),
            "PYTHONWARNINGS": "error",
        }

    def run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """In a process of its own where the network is used (the reactor starts once a process), else in this one, which is faster."""
        if arguments[0] == "crawl" or arguments[:2] == ("extract", "http://127.0.0.1:9/"):
            command = [sys.executable, "-m", "newsarchive", *arguments]
            return subprocess.run(
                command, cwd=self.folder, env=self.environment, input=stdin, capture_output=True, timeout=240, check=False
            )
        streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (stdin, b"", b"")]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            code = run(arguments)
            for stream in streams[1:]:
                stream.flush()
        return subprocess.CompletedProcess(arguments, code, *(stream.buffer.getvalue() for stream in streams[1:]))

    def text(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    return Shell(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def first(shell):
    return json.loads(shell.text("crawl", "--demo", "--revisit", "now", "--quiet", "--json"))


@pytest.fixture(scope="module")
def second(shell, first):
    done = shell.run("crawl", "--demo", "--revisit", "now")
    assert done.returncode == 0, done.stderr.decode()
    return done


def test_the_first_crawl_stores_the_first_edition(first):
    from newsarchive.demo.site import build_site

    assert first["end"] == "finished"
    assert first["outcomes"]["stored"] >= len(build_site(1).manifest.articles) * 0.9
    assert first["seeds_failed"] == []


def test_the_second_crawl_finds_the_next_edition_and_stores_nothing_twice(first, second):
    summary = second.stdout.decode()
    counts = {row[0]: int(row[1]) for row in re.findall(r"^  (\w+) +(\d+)", summary, re.MULTILINE)}
    assert counts["unchanged"] > counts["stored"]
    assert counts["updated"] >= 1
    assert "nothing stored twice" in summary
    articles = re.search(r"\((\d+) articles\)", summary)
    assert articles
    assert int(articles[1]) == first["outcomes"]["stored"] + counts["stored"]


def test_progress_goes_to_the_error_stream_in_plain_lines(second):
    lines = second.stderr.decode().splitlines()
    assert lines[0].startswith("Crawling http://demo-news.example/ into ")
    assert re.match(r"\[ +\d+ s\] found \d+, fetched \d+, stored \d+, waiting \d+, \d+\.\d pages/s", lines[1])
    assert b"\x1b" not in second.stdout + second.stderr


def test_the_commands_of_the_summary_can_be_typed(shell, second):
    steps = second.stdout.decode().split("Next:\n")[1].splitlines()
    assert [name for step in steps for name in ("search", "show", "changes", "stats") if f" {name}" in step] == [
        "search",
        "show",
        "changes",
    ]
    for step in steps:
        words = shlex.split(step)
        name = next(number for number, word in enumerate(words) if word in ("search", "show", "changes"))
        assert shell.text(*words[name:])


def test_a_hit_can_be_shown_by_its_id_and_its_address(shell, second):
    found = json.loads(shell.text("search", "harbour", "--json", "--limit", "3"))
    hits = found["hits"]
    assert found["total"] > 3
    assert 1 <= len(hits) <= 3
    by_id = json.loads(shell.text("show", hits[0]["article_id"], "--json"))
    by_address = json.loads(shell.text("show", hits[0]["url"], "--json"))
    assert by_id == by_address
    assert by_id["title"] == hits[0]["title"]
    assert "sha256" in shell.text("show", hits[0]["article_id"])


def test_searching_for_nothing_that_is_there_says_so(shell, second):
    assert "No article holds 'zyzzyvas'" in shell.text("search", "zyzzyvas")


@pytest.mark.parametrize("words", ['"', "AND", "a:b", "*", "NEAR(", "-", "'; drop table article", "\x1b[2J"])
def test_whatever_is_typed_is_a_search(shell, second, words):
    assert shell.run("search", "--", words).returncode == 0


@pytest.mark.parametrize("name", ["0000000000000000", "http://demo-news.example/never", "nonsense", ""])
def test_what_the_archive_does_not_hold_is_one_sentence(shell, second, name):
    done = shell.run("show", "--", name)
    assert done.returncode == 13
    assert done.stderr.startswith(b"Error: ")
    assert done.stderr.count(b"\n") == 1


def test_the_doctor_finds_nothing_wrong(shell, second):
    report = json.loads(shell.text("doctor", "--json"))
    assert report["ok"] is True
    assert {finding["name"] for finding in report["findings"]} == {
        "python", "packages", "sqlite", "spiders", "archive", "writer", "disk", "contact", "browser",
    }  # fmt: skip


def test_the_readme_shows_what_the_archive_holds(shell, second):
    examples = re.findall(
        r"^\.venv/bin/newsarchive ((?:search|show|changes|stats|doctor).*)$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert len(examples) >= 3
    for example in examples:
        assert shell.text(*shlex.split(example)).strip()


def test_a_file_that_is_no_archive_is_left_as_it_was(shell):
    other = shell.folder / "notes.txt"
    other.write_text("mine")
    for command in (["crawl", "--demo", "--quiet"], ["search", "x"], ["show", "x"]):
        done = shell.run(*command, "--archive", str(other))
        assert done.returncode == 8
        assert done.stderr.startswith(b"Error: ")
    assert other.read_text() == "mine"
    assert sorted(path.name for path in shell.folder.iterdir() if path.name.startswith("notes")) == ["notes.txt"]


def test_an_archive_that_is_not_there_is_one_sentence(shell):
    done = shell.run("search", "x", "--archive", str(shell.folder / "none.db"))
    assert done.returncode == 13
    assert not (shell.folder / "none.db").exists()


def test_a_public_site_is_not_crawled_without_a_contact(shell):
    done = shell.run("crawl", "https://news.invalid", "--archive", str(shell.folder / "new" / "a.db"))
    assert done.returncode == 5
    assert b"--contact you@example.org" in done.stderr
    assert not (shell.folder / "new").exists()


PAGE = """<html><head><title>Ferry sails again</title></head><body><article><h1>Ferry sails again</h1>
<p>The ferry between the two islands sails again from Monday, three weeks after a winter storm tore off its ramp at the northern pier.</p>
<p>The shipping office says that the new ramp was built by the two smiths of the village, who worked through many nights.</p>
<p>"We had no wish to be cut off until Easter," said the elder of them, who also keeps the lighthouse and the only bakery of the place.</p>
</article></body></html>"""


def test_a_saved_page_is_extracted_from_a_file_and_from_a_pipe(shell):
    (shell.folder / "page.html").write_text(PAGE)
    address = "https://example.com/2026/ferry-sails-again"
    from_file = shell.text("extract", "page.html", "--url", address, "--json")
    record = json.loads(from_file)
    assert record["title"] == "Ferry sails again"
    assert record["url"] == address
    assert len(record["body_blocks"]) == 3
    assert shell.run("extract", "-", "--url", address, "--json", stdin=PAGE.encode()).stdout.decode() == from_file
    assert "Ferry sails again" in shell.text("extract", "page.html")
    assert "kept" in shell.text("extract", "page.html", "--explain")


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        (["extract", "no-such.html"], b"", 13),
        (["extract", "."], b"", 13),
        (["extract", "-"], b"", 14),
        (["extract", "-"], b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), 14),
        (["extract", "http://127.0.0.1:9/"], b"", 5),
        (["extract", "page.html", "--url", "nonsense"], b"", 5),
    ],
)
def test_what_cannot_be_extracted_is_one_sentence_and_a_code(shell, arguments, stdin, code):
    (shell.folder / "page.html").write_text(PAGE)
    done = shell.run(*arguments, stdin=stdin)
    assert done.returncode == code, done.stderr.decode()
    assert done.stderr.startswith(b"Error: ")
    assert done.stderr.count(b"\n") == 1


def test_a_page_that_is_no_article_ends_with_its_code(shell, monkeypatch):
    from newsarchive.model.article import Article
    from newsarchive.model.extraction import Extraction

    listing = Extraction(article=Article(url="https://example.com/"), is_article=False, page_type="listing", reason="listing")
    monkeypatch.setattr("newsarchive.extractors.api.explain", lambda *args, **more: listing)
    done = shell.run("extract", "-", stdin=b"x")
    assert (done.returncode, done.stdout) == (15, b"")
    assert done.stderr == b"Error: - is no article: listing; --explain shows what was read.\n"
    done = shell.run("extract", "-", "--explain", stdin=b"x")
    assert (done.returncode, done.stderr) == (15, b"")
    assert b"no article: listing" in done.stdout
