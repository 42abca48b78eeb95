"""Every error of the command line is one sentence and an exit code of the table."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from newsarchive.cli import main as cli
from newsarchive.errors import ExitCode, LockHeld, NewsArchiveError, NotInArchive


@pytest.fixture
def raising(monkeypatch):
    """Make `newsarchive doctor` raise what the test wants."""

    def prepare(error: BaseException) -> None:
        @click.command("doctor")
        def command() -> None:
            raise error

        monkeypatch.setattr("newsarchive.cli.doctor.command", command)

    return prepare


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LockHeld("the archive is being written by process 7"), ExitCode.LOCK_HELD),
        (NotInArchive("there is nothing"), ExitCode.NOT_FOUND),
        (NewsArchiveError("something"), ExitCode.INTERNAL),
        (OSError(errno.ENOSPC, "No space left on device", "a.db"), ExitCode.DISK_FULL),
        (OSError(errno.EROFS, "Read-only file system", "a.db"), ExitCode.READ_ONLY),
        (OSError(errno.ENAMETOOLONG, "File name too long", "a.db"), ExitCode.READ_ONLY),
        (PermissionError(errno.EACCES, "Permission denied", "a.db"), ExitCode.READ_ONLY),
        (ZeroDivisionError("division by zero"), ExitCode.INTERNAL),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (click.Abort(), ExitCode.INTERRUPTED),
    ],
)
def test_an_error_is_one_line_on_the_error_stream_and_its_exit_code(raising, capsys, error, code):
    raising(error)
    assert cli.run(["doctor"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip().startswith("Error: ")
    assert err.strip().count("\n") == 0
    assert "Traceback" not in err


def test_debug_shows_the_traceback_of_a_fault(raising):
    raising(ZeroDivisionError("division by zero"))
    with pytest.raises(ZeroDivisionError):
        cli.run(["--debug", "doctor"])


def test_the_environment_can_ask_for_the_traceback(raising, monkeypatch):
    monkeypatch.setenv("NEWSARCHIVE_DEBUG", "1")
    raising(ZeroDivisionError("division by zero"))
    with pytest.raises(ZeroDivisionError):
        cli.run(["doctor"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["crawl"], "name at least one URL"),
        (["crawl", "--demo", "https://example.com"], "--demo crawls the demo newspaper"),
        (["crawl", "https://example.com", "--max", "0"], "--max '0' is not right"),
        (["crawl", "https://example.com", "--max", "many"], "--max 'many' is not right"),
        (["crawl", "https://example.com", "--delay", "-1"], "--delay '-1' is not right"),
        (["crawl", "https://example.com", "--delay", "nan"], "--delay 'nan' is not right"),
        (["crawl", "https://example.com", "--since", "yesterday"], "'yesterday' is no date"),
        (["crawl", "https://example.com", "--revisit", "nwo"], "did you mean 'now'?"),
        (["crawl", "https://example.com", "--contact", "me\r\nX-Evil: 1"], "is no e-mail address"),
        (["crwal"], "did you mean 'crawl'?"),
        (["https://example.com"], "newsarchive crawl https://example.com"),
        (["search"], "name words to look for, or a filter"),
        (["search", "x", "--json", "--csv"], "take one"),
        (["count", "--by", "colour"], "'colour' is not one of"),
        (["count", "--plot", "--csv"], "take one"),
        (["show", "--bad"], "No such option"),
        (["changes", "--since", "2026-13"], "write it like 2026-05-01"),
        (["retention", "--older-than", "99999999999"], "0<=x<=36500"),
    ],
)
def test_wrong_arguments_are_usage_errors(capsys, arguments, sentence):
    assert cli.run(arguments) == ExitCode.USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["ftp://example.com", "https://", "https:///path", "mailto:you@example.org", "https://a.example https://b.example"]
)
def test_what_is_no_address_is_a_configuration_error(capsys, url, tmp_path):
    assert cli.run(["crawl", url, "--archive", str(tmp_path / "a.db")]) == ExitCode.CONFIGURATION
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_error():
    command = [sys.executable, "-W", "error", "-m", "newsarchive", "crawl", "--help"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_name_typed_on_the_command_line_keeps_its_spelling(capsys, monkeypatch):
    from newsarchive.cli.terminal import complain

    monkeypatch.setattr(sys, "argv", ["newsarchive", "dataset", "ferries/data"])
    complain("data is there already")
    complain("the disk is full")
    assert capsys.readouterr().err == "Error: data is there already.\nError: The disk is full.\n"


def test_text_of_a_page_cannot_move_the_cursor():
    from newsarchive.cli.terminal import one_line, printable

    hostile = "safe\x1b[2Jtext\x07\u202eevil\x9b31m\r\nnext\u2028line\ud800"
    assert printable(hostile) == "safe[2Jtextevil31m\nnextline"
    assert one_line(hostile) == "safe[2Jtextevil31m nextline"
    assert printable("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_one_line_is_cut_with_an_ellipsis():
    from newsarchive.cli.terminal import one_line

    assert one_line("a b  c\n d", 20) == "a b c d"
    assert one_line("abcdefghij", 5) == "abcd…"


def test_json_of_a_lone_surrogate_can_be_printed(capsys):
    from newsarchive.cli.terminal import say_json

    say_json({"title": "a\ud800b", "path": Path("x")})
    assert '"a?b"' in capsys.readouterr().out


def test_json_carries_every_character_but_none_that_a_terminal_obeys(capsys):
    import json

    from newsarchive.cli.terminal import say_json

    text = "a\x1b[2J\x9b31m\u202eb\u2028\U000e0001 می\u200cخواهم 漢字 😀"
    say_json({"title": text})
    out = capsys.readouterr().out
    assert json.loads(out) == {"title": text}
    assert not {"\x1b", "\x9b", "\u202e", "\u2028", "\U000e0001"} & set(out)
    assert "漢字 😀" in out
