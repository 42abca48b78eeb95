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
    assert "No article was changed" in typed(capsys, "changes", "--since", "2027")[1]


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
    assert "2 of 1 site, 1 no longer served" in out
    found = json.loads(typed(capsys, "stats", "--json")[1])
    assert (found["articles"], found["revisions"], found["runs"], found["last_run"]["status"]) == (2, 1, 3, "finished")


def test_backup_and_share_make_copies_and_overwrite_nothing(archive, capsys, tmp_path):
    for command in (["backup"], ["share", "--no-raw"]):
        target = tmp_path / f"{command[0]}.db"
        assert typed(capsys, *command, str(target))[0] == ExitCode.OK
        assert typed(capsys, "verify", "--archive", str(target))[0] == ExitCode.OK
        code, _, err = typed(capsys, *command, str(target))
        assert (code, "is there already" in err) == (ExitCode.CONFIGURATION, True)
        code, _, err = typed(capsys, *command, str(tmp_path / "none" / "x.db"))
        assert (code, "make that folder first" in err) == (ExitCode.READ_ONLY, True)
        assert not (tmp_path / "none").exists()
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
    assert (code, "1 article, 1 older text, 2 raw pages" in out) == (ExitCode.OK, True)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert typed(capsys, "forget", f"{SITE}/ferry")[0] != ExitCode.OK
    assert typed(capsys, "show", f"{SITE}/ferry")[0] == ExitCode.OK
    assert typed(capsys, "forget", "--where", "title = 'Ferry leaves late'", "--yes", "--reason", "court")[0] == ExitCode.OK
    assert typed(capsys, "show", f"{SITE}/ferry")[0] == ExitCode.NOT_FOUND
    assert typed(capsys, "forget", "--where", "title ==", "--yes")[0] == ExitCode.CONFIGURATION
    assert typed(capsys, "verify")[0] == ExitCode.OK


def test_what_is_changed_is_told_to_programs_as_well(archive, capsys, tmp_path):
    for command in ("backup", "share"):
        target = tmp_path / f"{command}.db"
        found = json.loads(typed(capsys, command, str(target), "--json")[1])
        assert found == {"path": str(target), "bytes": target.stat().st_size}
    would = json.loads(typed(capsys, "retention", "--older-than", "0", "--dry-run", "--json")[1])
    did = json.loads(typed(capsys, "retention", "--older-than", "0", "--json")[1])
    assert (would.pop("dry_run"), did.pop("dry_run"), would) == (True, False, did)
    assert (did["pages"], did["left_pages"]) == (3, 0)
    assert typed(capsys, "forget", f"{SITE}/ferry", "--json")[0] == ExitCode.USAGE
    would = json.loads(typed(capsys, "forget", f"{SITE}/ferry", "--json", "--dry-run")[1])
    assert (would["dry_run"], would["articles"], would["urls"]) == (True, 1, [f"{SITE}/ferry"])
    did = json.loads(typed(capsys, "forget", f"{SITE}/ferry", "--json", "--yes")[1])
    assert (did["dry_run"], did["articles"], did["copies"]) == (False, 1, [])


@pytest.mark.parametrize("command", [("changes",), ("syndication",), ("reextract", "--dry-run"), ("warc", "out.warc.gz")])
def test_a_site_that_the_archive_does_not_know_is_told_from_one_of_which_nothing_fits(archive, capsys, monkeypatch, tmp_path, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = typed(capsys, *command, "--site", "papre.example")
    assert (code, "nothing of 'papre.example'" in err, out) == (ExitCode.NOT_FOUND, True, "")
    assert not Path("out.warc.gz").exists()
    if "reextract" not in command:
        assert typed(capsys, *command, "--site", "paper.example")[0] == ExitCode.OK


def test_forgetting_a_site_that_is_not_there_says_so(archive, capsys):
    code, out, _ = typed(capsys, "forget", "--site", "papre.example", "--dry-run")
    assert (code, "holds nothing of papre.example" in out) == (ExitCode.OK, True)


@pytest.mark.parametrize("command", [("search",), ("count",), ("export", "-"), ("import", "pages.warc")])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--since", "2026-05-03", "--until", "2026-05-01"), "exchange the two dates"),
        (("--since", "yesterday"), "is no date"),
        (("--until", "2026-13"), "is no date"),
    ],
)
def test_a_date_that_cannot_be_meant_is_a_wrong_argument_everywhere(archive, capsys, command, options, words):
    code, _, err = typed(capsys, *command, *options)
    assert (code, words in " ".join(err.split())) == (ExitCode.USAGE, True), err


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
