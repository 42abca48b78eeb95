"""The commands that look after an archive, as a person types them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from archive_samples import PLAN, SITE, Clock, answer, article, teaser

from newsarchive.archive.store import Store
from newsarchive.cli.main import run
from newsarchive.errors import ExitCode
from newsarchive.model.outcome import Outcome


@pytest.fixture
def archive(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    clock = Clock()
    with Store(path, clock=clock) as store:
        for title, words in (("Ferry leaves", "at nine"), ("Ferry leaves late", "at <ten>")):
            handle = store.begin_run(PLAN | {"contact": "desk@paper.example"}, [SITE])
            first = article("/ferry", title, [f"The ferry left {words}.", "The end."], at=clock.now, teasers=[teaser("Boats")])
            store.save([first, article("/kept", "Kept", opt_outs=["noarchive"], at=clock.now)], handle.id)
            store.finish_run(handle.id, "finished", "finished")
            clock.move(days=2)
        handle = store.begin_run(PLAN, [SITE])
        store.save([answer("/kept", Outcome.GONE, status=410, at=clock.now)], handle.id)
        store.finish_run(handle.id, "finished", "finished")
    monkeypatch.setenv("NEWSARCHIVE_ARCHIVE", str(path))
    return path


def typed(capsys, *arguments):
    code = run(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_diff_shows_words_that_went_and_came(archive, capsys):
    code, out, _ = typed(capsys, "diff", f"{SITE}/ferry")
    assert code == ExitCode.OK
    assert "~ The ferry left at [-nine-]{+<ten>+}." in out
    assert "~ Ferry leaves{+ late+}" in out


def test_diff_prints_html_that_cannot_run_anything(archive, capsys):
    _, out, _ = typed(capsys, "diff", f"{SITE}/ferry", "--html")
    assert "<del>nine</del><ins>&lt;ten&gt;</ins>" in out
    assert "<script" not in out


def test_diff_prints_json(archive, capsys):
    _, out, _ = typed(capsys, "diff", f"{SITE}/ferry", "--json", "--from", "1", "--to", "2", "--paragraphs")
    found = json.loads(out)
    assert (found["older"]["seq"], found["newer"]["seq"], found["is_empty"]) == (1, 2, False)
    assert typed(capsys, "diff", f"{SITE}/ferry", "--from", "7")[0] == ExitCode.NOT_FOUND


def test_changes_lists_headlines_and_removals(archive, capsys):
    _, out, _ = typed(capsys, "changes", "--since", "2026-05-02")
    assert "silent headline" in out
    assert "now: Ferry leaves late" in out
    assert "removed" in out
    assert len(json.loads(typed(capsys, "changes", "--json")[1])) == 2
    assert "No article was changed" in typed(capsys, "changes", "--site", "other.example")[1]


def test_raw_writes_the_page_and_obeys_noarchive(archive, capsysbinary, tmp_path):
    assert run(["raw", f"{SITE}/ferry"]) == ExitCode.OK
    assert capsysbinary.readouterr().out == b"<h1>Ferry leaves late</h1><p>The ferry left at <ten>.</p><p>The end.</p>"
    assert run(["raw", f"{SITE}/ferry", "--at", "2026-05-01", "-o", str(tmp_path / "x.html")]) == ExitCode.OK
    assert b"nine" in (tmp_path / "x.html").read_bytes()
    assert run(["raw", f"{SITE}/ferry", "--at", "yesterday"]) == ExitCode.USAGE
    assert run(["raw", f"{SITE}/ferry", "-o", str(tmp_path / "none" / "x.html")]) == ExitCode.READ_ONLY
    assert run(["raw", f"{SITE}/ferry", "-o", "/dev/null"]) == ExitCode.CONFIGURATION
    assert Path("/dev/null").is_char_device()
    assert run(["raw", f"{SITE}/kept"]) == ExitCode.NOT_FOUND
    assert b"noarchive" in capsysbinary.readouterr().err
    assert run(["raw", f"{SITE}/ferry", "--list"]) == ExitCode.OK
    assert capsysbinary.readouterr().out.count(b"kept") == 2


def test_verify_says_what_was_checked_and_repairs_the_index(archive, capsys):
    code, out, _ = typed(capsys, "verify")
    assert (code, "10 checks, nothing wrong" in out) == (ExitCode.OK, True)
    with Store(archive) as store:
        store.connection.execute("INSERT INTO article_fts(article_fts) VALUES('delete-all')")
    code, out, _ = typed(capsys, "verify", "--json", "--no-raw")
    assert (code, json.loads(out)["is_sound"]) == (ExitCode.ARCHIVE_CORRUPT, False)
    assert typed(capsys, "verify", "--repair")[0] == ExitCode.OK


def test_stats_are_printed_for_people_and_programs(archive, capsys):
    _, out, _ = typed(capsys, "stats")
    assert "2 of 1 sites, 1 no longer served" in out
    found = json.loads(typed(capsys, "stats", "--json")[1])
    assert (found["articles"], found["revisions"], found["runs"], found["last_run"]["status"]) == (2, 1, 3, "finished")


def test_backup_and_share_make_copies_and_overwrite_nothing(archive, capsys, tmp_path):
    for command in (["backup"], ["share", "--no-raw"]):
        target = tmp_path / f"{command[0]}.db"
        assert typed(capsys, *command, str(target))[0] == ExitCode.OK
        assert typed(capsys, "verify", "--archive", str(target))[0] == ExitCode.OK
        code, _, err = typed(capsys, *command, str(target))
        assert (code, "exists already" in err) == (ExitCode.READ_ONLY, True)
    assert b"desk@paper.example" not in (tmp_path / "share.db").read_bytes()


def test_retention_needs_a_limit_and_says_what_went(archive, capsys):
    assert typed(capsys, "retention")[0] == ExitCode.USAGE
    assert typed(capsys, "retention", "--max-size", "much")[0] == ExitCode.USAGE
    assert "3 raw pages" in typed(capsys, "retention", "--max-size", "0", "--dry-run")[1]
    assert "0 (0 B) stay" in typed(capsys, "retention", "--older-than", "0")[1]
    assert typed(capsys, "raw", f"{SITE}/ferry")[0] == ExitCode.NOT_FOUND


def test_forget_asks_first_and_then_forgets(archive, capsys, monkeypatch):
    assert typed(capsys, "forget")[0] == ExitCode.USAGE
    code, out, _ = typed(capsys, "forget", f"{SITE}/ferry", "--dry-run")
    assert (code, "1 articles, 1 older texts, 2 raw pages" in out) == (ExitCode.OK, True)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert typed(capsys, "forget", f"{SITE}/ferry")[0] != ExitCode.OK
    assert typed(capsys, "show", f"{SITE}/ferry")[0] == ExitCode.OK
    assert typed(capsys, "forget", "--where", "title = 'Ferry leaves late'", "--yes", "--reason", "court")[0] == ExitCode.OK
    assert typed(capsys, "show", f"{SITE}/ferry")[0] == ExitCode.NOT_FOUND
    assert typed(capsys, "forget", "--where", "title ==", "--yes")[0] == ExitCode.CONFIGURATION
    assert typed(capsys, "verify")[0] == ExitCode.OK


def test_forget_names_the_copies_from_before_a_migration(archive, capsys):
    copy = archive.with_name("a.db.before-v2-from-v1")
    copy.write_bytes(b"old")
    assert str(copy) in typed(capsys, "forget", f"{SITE}/ferry", "--yes")[1]


def test_a_warc_file_that_is_there_is_replaced_only_when_told_to(archive, tmp_path, capsys):
    out = tmp_path / "pages.warc.gz"
    out.write_bytes(b"precious")
    code, _, error = typed(capsys, "warc", str(out))
    assert (code, "is there already" in error, out.read_bytes()) == (ExitCode.CONFIGURATION, True, b"precious")
    assert typed(capsys, "warc", str(out), "--force")[0] == ExitCode.OK
    assert out.read_bytes().startswith(b"\x1f\x8b")
