"""Markdown files and citations: whatever a title holds, the files are what other programs read."""

from __future__ import annotations

import json
import re

import pytest
from export_samples import TITLES, make_archive
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.cli.main import run
from newsarchive.export.citations import Citation, bibtex, csl, ris
from newsarchive.export.markdown import article_text, file_name, inline, yaml_value

HOSTILE = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("{}\\%&#-_*`<>[]|\n\r\u2028'\":/. ")), max_size=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("texts")
    make_archive(place / "a.db")
    for name in ("a.md", "a.bib", "a.ris", "a.json"):
        assert run(["export", str(place / name), "--archive", str(place / "a.db"), "--quiet"]) == 0
    return place


def test_each_article_is_a_file_below_its_site(folder):
    files = sorted(path.relative_to(folder / "a.md") for path in (folder / "a.md").rglob("*.md"))
    assert len(files) == len(TITLES) + 1
    assert {str(path.parent) for path in files} == {".", "paper.example"}
    assert all(re.fullmatch(r"2026-05-\d\d-[\w-]+-[0-9a-f]{16}\.md", path.name) for path in files if path.name != "codebook.md")


def front_matter(text):
    lines = text.split("\n---\n")[0].removeprefix("---\n").split("\n")
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}


def test_front_matter_is_yaml_whatever_the_title(folder):
    found = {}
    for path in (folder / "a.md" / "paper.example").iterdir():
        record = front_matter(path.read_text(encoding="utf-8"))
        found[record["url"].rpartition("/")[2]] = record["title"]
    assert found["formula"] == TITLES["/formula"]
    assert found["path"] == TITLES["/path"]
    assert found["plain"] == "The ferry is very late"


@given(HOSTILE)
@settings(max_examples=200, deadline=None)
def test_no_title_leaves_its_line_of_the_front_matter(title):
    record = {"title": title, "site": "x.example", "published_utc": None, "article_id": "0" * 16}
    value = yaml_value(title)
    assert len(value.splitlines()) == 1
    assert json.loads(value) == title
    name = file_name(record)
    assert re.fullmatch(r"x\.example/undated-[^/\\\x00-\x1f:*?\"<>|]*0{16}\.md", name)
    assert len(name.rpartition("/")[2].encode("utf-8", "replace")) < 200
    assert article_text(record).startswith("---\ntitle: ")


@pytest.mark.parametrize("site", ["../..", "..", "", "127.0.0.1:8000", "bücher.example"])
def test_a_site_is_one_plain_folder(site):
    name = file_name({"title": "A", "site": site, "published_utc": "2026-05-01T08:00Z", "article_id": "0" * 16})
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._]*/2026-05-01-a-0{16}\.md", name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("2026 was *good*", r"2026 was \*good\*"),
        ("<script>", r"\<script>"),
        ("[a](b)", r"\[a\](b)"),
        ("snake_case _this_", r"snake_case \_this\_"),
        ("- no list", r"\- no list"),
        ("AT&T &amp; more", r"AT&T \&amp; more"),
    ],
)
def test_text_is_not_taken_for_markdown(text, expected):
    assert inline(text) == expected


def citation(**more):
    values = {
        "article_id": "0123456789abcdef", "title": "A ferry", "authors": ["Ruth Calder"], "newspaper": "Paper", "published": (2026, 5, 1),
        "accessed": (2026, 5, 2), "url": "https://paper.example/a", "section": None, "description": None, "tags": [], "language": "en",
    }  # fmt: skip
    return Citation(**(values | more))


def test_bibtex_escapes_what_tex_would_run(folder):
    text = (folder / "a.bib").read_text(encoding="utf-8")
    assert text.count("@article{newsarchive-") == len(TITLES)
    assert r"100\% more \textbackslash{} \& less\_ {\textbraceleft}\$5{\textbraceright} \#now" in text
    assert "author = {Ivo Penhale and {Calder, Ruth; Smith}}" in text


@given(HOSTILE, HOSTILE)
@settings(max_examples=200, deadline=None)
def test_the_braces_of_a_bibtex_entry_match_whatever_the_texts(title, name):
    text = bibtex(citation(title=title, authors=[name] if name.strip() else [], newspaper=title, url=f"https://paper.example/{title}"))
    depth = [text[: place + 1].count("{") - text[: place + 1].count("}") for place in range(len(text))]
    assert min(depth[1:]) >= 0
    assert depth[-1] == 0
    assert max(depth) <= 4


def test_dates_are_as_precise_as_the_page_was():
    assert "year = 2026,\n  url" in bibtex(citation(published=(2026,)))
    assert "year" not in bibtex(citation(published=()))
    assert "month = may,\n  url" in bibtex(citation(published=(2026, 5)))
    assert "DA  - 2026/05//\r\n" in ris(citation(published=(2026, 5)))
    assert csl(citation(published=(2026, 5)))["issued"] == {"date-parts": [[2026, 5]]}
    assert "issued" not in csl(citation(published=()))


def test_every_line_of_ris_is_a_tag_with_one_value(folder):
    lines = (folder / "a.ris").read_bytes().decode().split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines if line)
    assert sum(line == "TY  - NEWS" for line in lines) == sum(line == "ER  - " for line in lines) == len(TITLES)


def test_csl_is_one_list_of_newspaper_articles(folder):
    items = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    assert len(items) == len(TITLES)
    assert {item["type"] for item in items} == {"article-newspaper"}
    assert items[0]["author"] == [{"literal": "Ivo Penhale"}, {"literal": "Calder, Ruth; Smith"}]
    assert items[0]["issued"] == {"date-parts": [[2026, 5, 1]]}
    assert items[0]["archive_location"] == items[0]["id"]
    assert "BibTeX" in (folder / "a.json.codebook.md").read_text()


def test_no_article_is_an_empty_list(folder, tmp_path):
    assert run(["export", str(tmp_path / "none.json"), "wordless", "--archive", str(folder / "a.db"), "--quiet"]) == 0
    assert json.loads((tmp_path / "none.json").read_text()) == []
