"""What leaves the archive is complete, in order, as safe as the archive itself, and never there by half."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from itertools import islice

import pytest
from archive_samples import PLAN, SITE, article
from export_samples import TITLES, make_archive

from newsarchive.archive.filters import filters_of
from newsarchive.archive.reader import open_archive
from newsarchive.archive.record_fields import WHAT, columns_of
from newsarchive.archive.snapshot import Question, Snapshot
from newsarchive.archive.store import Store
from newsarchive.cli.main import run
from newsarchive.errors import ExitCode
from newsarchive.export.cells import as_it_was, formula_safe
from newsarchive.export.takeaway import FORMATS, export


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("export") / "a.db")


@pytest.fixture(autouse=True)
def default_archive(archive, monkeypatch, tmp_path):
    monkeypatch.setenv("NEWSARCHIVE_ARCHIVE", str(archive))
    monkeypatch.chdir(tmp_path)


def exported(tmp_path, name, *arguments):
    assert run(["export", str(tmp_path / name), *arguments, "--quiet"]) == 0
    return (tmp_path / name).read_bytes().decode()


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_holds_every_article_under_the_names_of_the_field_dictionary(tmp_path):
    rows = table(exported(tmp_path, "a.csv"))
    assert list(rows[0]) == [column.name for column in columns_of("articles")]
    assert [as_it_was(row["title"]) for row in rows][1:] == [
        " ".join(title.split()) if "\n" not in title else title for title in TITLES.values()
    ][1:]
    assert rows[0]["body"] == "The water came at noon.\n\nNobody minded on day 1."
    assert rows[0]["authors"] == "Ivo Penhale; Calder, Ruth, Smith"
    assert rows[-1]["gone_at"]
    assert rows[0]["is_paywalled"] == ""


def test_no_cell_of_a_csv_is_a_formula_and_each_can_be_undone(tmp_path):
    for what in WHAT:
        for row in table(exported(tmp_path, f"{what}.csv", "--what", what)):
            assert not [value for value in row.values() if value[:1] in tuple("=+-@\t\r\n＝＋－＠")]
    titles = [as_it_was(row["title"]) for row in table((tmp_path / "articles.csv").read_text())]
    with open_archive(os.environ["NEWSARCHIVE_ARCHIVE"]) as opened:
        assert titles == [item.article.title for item in opened]


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "'a", "", "+1", "\t=1", "＝1", "a=1", "'’", "-", "@x", "\n", "'\n"])
def test_making_a_cell_safe_can_be_undone(text):
    assert as_it_was(formula_safe(text)) == text


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("", {}),
        ("ferry", {}),
        ("ferry -late", {}),
        ("title:ferry", {"section": "town"}),
        ("ferry", {"since": "2026-05-02", "until": "2026-05-04"}),
        ("", {"language": "en", "site": "paper.example"}),
        ("", {"changed": True}),
        ("bells", {"gone": True}),
        ("nothing like it", {}),
        ('"', {}),
    ],
)
def test_an_export_holds_what_a_search_finds(archive, words, filters):
    with Snapshot(archive) as snapshot, open_archive(archive) as opened:
        rows = [row[0] for row in snapshot.stream(Question(words=words, filters=filters_of(**filters)))]
        assert sorted(rows) == sorted(hit.article_id for hit in opened.search(words, 1000, **filters))
        assert len(rows) == opened.count_hits(words, **filters)


def test_jsonl_is_one_record_a_line_as_the_archive_has_it(tmp_path, archive):
    text = exported(tmp_path, "a.jsonl")
    assert text.splitlines() == text.strip("\n").split("\n")
    records = [json.loads(line) for line in text.splitlines()]
    with open_archive(archive) as opened:
        for record, item in zip(records, opened, strict=True):
            article_record = item.article.as_record()
            assert {name: record[name] for name in article_record if name != "teasers"} == {
                name: value for name, value in article_record.items() if name != "teasers"
            }
            assert (record["article_id"], record["revisions"], record["raw_sha256"]) == (item.article_id, item.revisions, item.raw_sha256)


def test_parquet_has_typed_columns_and_their_meanings(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run(["export", "a.parquet", "--quiet"]) == 0
    found = parquet.read_table("a.parquet")
    assert {
        name: str(found.schema.field(name).type) for name in ("title", "authors", "first_seen", "word_count", "is_paywalled", "confidence")
    } == {
        "title": "string",
        "authors": "list<element: string>",
        "first_seen": "timestamp[ms, tz=UTC]",
        "word_count": "int64",
        "is_paywalled": "bool",
        "confidence": "double",
    }
    assert found.schema.field("body").metadata[b"description"].startswith(b"Text")
    assert found.column("title").to_pylist()[1] == TITLES["/formula"]
    assert found.column("authors").to_pylist()[0] == ["Ivo Penhale", "Calder, Ruth; Smith"]


@pytest.mark.parametrize("what", WHAT)
def test_formats_hold_the_same_rows(tmp_path, what):
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = table(exported(tmp_path, "a.csv", "--what", what))
    records = [json.loads(line) for line in exported(tmp_path, "a.jsonl", "--what", what).splitlines()]
    assert run(["export", "a.parquet", "--what", what, "--quiet"]) == 0
    frame = parquet.read_table("a.parquet").to_pylist()
    assert len(rows) == len(records) == len(frame)
    texts = [column.name for column in columns_of(what) if column.kind == "text"]
    for row, record, item in zip(rows, records, frame, strict=True):
        assert [as_it_was(row[name]) for name in texts] == [record[name] or "" for name in texts] == [item[name] or "" for name in texts]


def test_revisions_are_every_text_oldest_first(tmp_path):
    rows = table(exported(tmp_path, "a.csv", "--what", "revisions", "--changed"))
    assert [(row["seq"], row["reason"], row["title"]) for row in rows] == [
        ("1", "edit", "The ferry is late"),
        ("2", "", "The ferry is very late"),
    ]
    assert rows[0]["replaced_at"] == rows[1]["first_seen"]
    assert len(table(exported(tmp_path, "b.csv", "--what", "revisions"))) == len(TITLES) + 1


def test_teasers_and_placements_are_those_of_the_articles_that_fit(tmp_path):
    every = table(exported(tmp_path, "all.csv", "--what", "placements"))
    assert len(every) == 2 * (len(TITLES) + 1)
    some = table(exported(tmp_path, "some.csv", "--what", "placements", "bells"))
    assert [(row["position"], row["title"]) for row in some] == [("0", "Boats"), ("1", "Story 8")]
    assert {row["title"] for row in table(exported(tmp_path, "t.csv", "--what", "teasers", "bells"))} == {"Boats", "Story 8"}
    assert len(table(exported(tmp_path, "limited.csv", "--what", "placements", "--limit", "3"))) == 3


def test_without_bodies_no_text_is_written(tmp_path):
    for name in ("a.csv", "a.jsonl"):
        assert "Nobody minded" not in exported(tmp_path, name, "--no-body")
    assert "Nobody minded" not in exported(tmp_path, "r.csv", "--no-body", "--what", "revisions")


@pytest.mark.parametrize("what", WHAT)
def test_every_column_has_its_meaning_in_the_codebook(tmp_path, what):
    exported(tmp_path, "a.csv", "--what", what, "ferry", "--since", "2026-05")
    book = (tmp_path / "a.csv.codebook.md").read_text()
    for column in columns_of(what):
        assert len(column.meaning) > 5, column.name
        assert f"| `{column.name}` |" in book
    assert "`ferry`" in book
    assert "since `2026-05`" in book
    assert "UTC;" not in book


def test_the_columns_are_those_of_the_schema():
    names = {column.name for column in columns_of("articles", blocks=True)}
    from newsarchive.model.article import ARTICLE_FIELDS

    assert set(ARTICLE_FIELDS) - {"teasers"} <= names


def test_nothing_is_replaced_unasked(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("mine")
    assert run(["export", "a.csv"]) == ExitCode.CONFIGURATION
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "a.csv").read_text() == "mine"
    assert run(["export", "a.csv", "--force"]) == 0
    assert (tmp_path / "a.csv").read_text() != "mine"


def test_a_folder_that_is_not_ours_is_never_replaced(tmp_path, capsys):
    (tmp_path / "a.md").mkdir()
    (tmp_path / "a.md" / "mine.txt").write_text("mine")
    assert run(["export", "a.md", "--force"]) == ExitCode.CONFIGURATION
    assert "not made by" in capsys.readouterr().err
    assert (tmp_path / "a.md" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_fails_leaves_nothing(tmp_path, archive, kind):
    def fail(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(archive, Question(), tmp_path / "out", kind, on_row=fail)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from newsarchive.archive.snapshot import Question
from newsarchive.export.takeaway import export
export(Path(sys.argv[1]), Question(), Path(sys.argv[2]), sys.argv[3], on_row=lambda done, total: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("kind", ["csv", "markdown"])
def test_a_killed_export_leaves_no_file_under_the_name(tmp_path, archive, kind):
    done = subprocess.run([sys.executable, "-c", KILLED, str(archive), str(tmp_path / "out"), kind], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".part")] == []


def test_parquet_without_pyarrow_names_the_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["export", "a.parquet"]) == ExitCode.CONFIGURATION
    assert "newsarchive[export]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.xlsx"], "--format"),
        (["a.bib", "--what", "teasers"], "articles only"),
        (["-", "--format", "parquet"], "standard output"),
        (["-", "--format", "markdown"], "standard output"),
        (["nowhere/a.csv"], "does not exist"),
        (["a.csv", "--since", "yesterday"], "is no date"),
        (["a.csv", "--time-zone", "Moon"], "no time zone"),
        ([".", "--format", "csv", "--force"], "is a folder"),
    ],
)
def test_what_cannot_be_written_gets_a_sentence(tmp_path, capsys, arguments, words):
    assert run(["export", *arguments]) not in (0, ExitCode.INTERNAL)
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_standard_output_is_csv_and_may_be_closed_early(archive):
    command = [sys.executable, "-m", "newsarchive", "export", "-", "--archive", str(archive)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert len(table(done.stdout.decode())) == len(TITLES)
    assert done.stderr == b""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_rows_are_those_of_one_moment_while_a_crawl_writes(tmp_path):
    path = tmp_path / "b.db"
    with Store(path) as store:
        number = store.begin_run(PLAN, [SITE]).id
        store.save([article(f"/{place}", f"Story {place}") for place in range(1100)], number)
        with Snapshot(path) as snapshot:
            rows = iter(snapshot.stream(Question()))
            first = list(islice(rows, 3))
            store.save([article("/3", "Changed"), article("/new", "New")], number)
            rest = list(rows)
    titles = [row[3] for row in first + rest]
    assert titles == [f"Story {place}" for place in range(1100)]
