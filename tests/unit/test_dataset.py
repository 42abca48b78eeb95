"""A data set holds what a reader of a study needs, and the same archive gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from export_samples import TITLES, make_archive

from newsarchive.archive.copies import backup
from newsarchive.cli.main import run
from newsarchive.errors import ExitCode

FILES = ["METHODS.md", "SHA256SUMS", "articles.csv", "articles.jsonl", "articles.parquet", "codebook.md", "days.csv", "query.json"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("dataset") / "a.db")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def made(archive, name, *arguments):
    assert run(["dataset", "--archive", str(archive), "--quiet", name, *arguments]) == 0


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_question_gives_the_same_bytes_also_to_a_copy(archive, tmp_path):
    pytest.importorskip("pyarrow")
    question = ("ferry", "--since", "2026-05-02", "--site", "paper.example", "--time-zone", "Europe/Berlin", "--parquet")
    made(archive, "first", *question)
    made(archive, "second", *question)
    backup(archive, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copy.execute("VACUUM")
        copy.execute("INSERT INTO article_fts(article_fts) VALUES('optimize')")
        copy.commit()
    made(tmp_path / "copy.db", "third", *question)
    first = contents(tmp_path / "first")
    assert sorted(first) == sorted(FILES)
    assert first == contents(tmp_path / "second") == contents(tmp_path / "third")


def test_the_time_of_day_and_the_machine_are_not_in_it(archive, tmp_path):
    """Made by another process under another time zone, locale and hash seed: the same bytes."""
    made(archive, "first", "ferry")
    command = [sys.executable, "-m", "newsarchive", "dataset", "second", "ferry", "--archive", str(archive), "--quiet"]
    environment = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, timeout=60, env=environment, capture_output=True)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_the_checksums_are_those_of_the_files(archive, tmp_path):
    made(archive, "set")
    lines = (tmp_path / "set" / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ")[1] for line in lines} == set(FILES) - {"SHA256SUMS", "articles.parquet"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "set" / name).read_bytes()).hexdigest() == digest


def test_the_methods_say_what_was_asked_collected_and_left_out(archive, tmp_path, capsys):
    made(archive, "set", "ferry", "--section", "Town", "--changed")
    text = (tmp_path / "set" / "METHODS.md").read_text()
    digest = hashlib.sha256((tmp_path / "set" / "articles.jsonl").read_bytes()).hexdigest()
    assert f"newsarchive data set {digest[:16]}: 1 article of paper.example" in text
    assert "newsarchive dataset OUT --section Town --changed ferry" in text
    assert "1 whose text the publisher changed" in text
    assert "| could not be had or read | 0 |  |" in text
    assert "`opted_out` 1" in text
    assert "`stored` 6, `updated` 1" in text
    assert json.loads((tmp_path / "set" / "query.json").read_text())["filters"] == {
        "changed": True,
        "sections": ["Town"],
        "time_zone": "UTC",
    }


def test_days_and_methods_name_the_gaps(archive, tmp_path):
    made(archive, "set")
    days = (tmp_path / "set" / "days.csv").read_text().splitlines()
    assert days[0] == "day,articles,collected"
    assert days[1:3] == ["2026-05-01,1,true", "2026-05-02,1,true"]
    assert days[-1] == "2026-05-08,1,false"
    assert "Nobody looked: 2026-05-03 to 2026-05-08." in (tmp_path / "set" / "METHODS.md").read_text()


def test_the_data_are_those_of_an_export(archive, tmp_path):
    made(archive, "set", "ferry")
    for name in ("articles.csv", "articles.jsonl"):
        assert run(["export", name, "ferry", "--archive", str(archive), "--quiet"]) == 0
        assert (tmp_path / name).read_bytes() == (tmp_path / "set" / name).read_bytes()


def test_a_question_without_an_answer_is_a_data_set_too(archive, tmp_path):
    made(archive, "set", "wordless")
    assert (tmp_path / "set" / "articles.jsonl").read_bytes() == b""
    assert "0 articles of no site" in (tmp_path / "set" / "METHODS.md").read_text()


def test_only_a_data_set_is_replaced(archive, tmp_path, capsys):
    made(archive, "set", "ferry")
    assert run(["dataset", "set", "--archive", str(archive)]) == ExitCode.CONFIGURATION
    assert "--force" in capsys.readouterr().err
    made(archive, "set", "--force")
    assert len((tmp_path / "set" / "articles.jsonl").read_text().splitlines()) == len(TITLES)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    assert run(["dataset", "mine", "--archive", str(archive), "--force"]) == ExitCode.CONFIGURATION
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "set"]


def test_a_word_that_looks_like_an_option_is_repeated_as_a_word(archive, tmp_path):
    made(archive, "set", "--", "-late ferry")
    assert "newsarchive dataset OUT -- '-late ferry'" in (tmp_path / "set" / "METHODS.md").read_text()
