"""How `newsarchive run` ends, code by code, where no real crawl is needed to see it."""

from __future__ import annotations

import lzma
import os
import signal
import sqlite3
import sys
from pathlib import Path

import pytest
from night_folder import Nights, small_site

from newsarchive.archive import connection as connecting
from newsarchive.archive.lock import WriterLock
from newsarchive.archive.migrations import SCHEMA_VERSION
from newsarchive.archive.nights import SiteTally
from newsarchive.archive.store import Store
from newsarchive.errors import ExitCode
from newsarchive.nightly.night import Night, night_place
from newsarchive.nightly.verdict import Reason, reasons_of_sites, verdict

HEAD = "import json, os, signal, sys, time\nsay = lambda **event: print(json.dumps(event), flush=True)\nsys.stdin.readline()\n"


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path)


@pytest.fixture
def planned(nights, monkeypatch):
    """A night that would run: one site whose server is never asked."""
    monkeypatch.setenv("HOME", str(nights.folder))
    with small_site(1) as site:
        nights.add("alpha", site)
        yield nights


def stub(planned, script, **more):
    """The exit code of a night whose crawl is another program."""
    return Night(planned.request(**more), command=[sys.executable, "-c", HEAD + script], grace_seconds=0.3).run()


def test_a_wrong_configuration_ends_with_5(planned):
    planned.configure('missed = "twice"\n')
    assert planned.in_process("--due") == ExitCode.CONFIGURATION
    planned.configure("")
    (planned.sites / "alpha.toml").write_text("domains = []\n")
    assert planned.in_process("--due") == ExitCode.CONFIGURATION, "no profile is sound"


def test_a_held_lock_ends_with_6_and_says_who_holds_it(planned, capsys):
    Store(planned.archive).close()
    with WriterLock(planned.archive):
        assert planned.in_process() == ExitCode.LOCK_HELD
    assert f"process {os.getpid()}" in capsys.readouterr().err
    with WriterLock(night_place(planned.archive)):
        assert planned.in_process() == ExitCode.LOCK_HELD
    assert "Another `newsarchive run`" in capsys.readouterr().err


def test_an_archive_that_is_busy_foreign_damaged_or_newer_ends_with_its_own_code(planned, monkeypatch):
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)
    Store(planned.archive).close()
    other = sqlite3.connect(planned.archive, isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    assert planned.in_process() == ExitCode.ARCHIVE_BUSY
    other.execute("ROLLBACK")
    other.execute("PRAGMA user_version=99")
    assert planned.in_process() == ExitCode.ARCHIVE_NEWER
    other.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    other.close()
    sound = planned.archive.read_bytes()
    planned.archive.write_bytes(sound[:4096] + bytes(len(sound) - 4096))
    assert planned.in_process() == ExitCode.ARCHIVE_CORRUPT
    planned.archive.write_bytes(b"no archive" * 1000)
    assert planned.in_process() == ExitCode.NOT_AN_ARCHIVE


def test_an_older_archive_is_migrated_with_a_copy_or_refused_whole(planned):
    old = make_older(planned.archive)
    refused = stub(planned, "say(result={})\n", upgrade="refuse")
    assert refused.exit_code is ExitCode.CONFIGURATION
    assert planned.archive.read_bytes() == old, "not a byte of it was touched"
    done = stub(planned, "say(result={'end': 'finished'})\n")
    assert done.steps[0].name == "migrate"
    assert planned.query("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    [copy] = planned.folder.glob("archive.db.before-*")
    assert copy.stat().st_size > 0


def make_older(path):
    content = lzma.decompress((Path(__file__).parents[1] / "archives" / "first-version.db.xz").read_bytes())
    path.write_bytes(content)
    return content


def test_a_disk_that_is_nearly_full_stops_a_night_before_and_during_the_crawl(planned):
    planned.configure('min_free_disk = "9000TB"\n')
    assert planned.in_process() == ExitCode.DISK_FULL
    planned.configure("")
    looks = iter([10**12])
    request = planned.request()
    command = [sys.executable, "-c", "import signal, sys\nsys.stdin.readline()\nsignal.pause()\n"]
    result = Night(request, command=command, grace_seconds=0.3, free=lambda path: next(looks, 0)).run()
    assert result.exit_code is ExitCode.DISK_FULL
    assert "before the disk is full" in result.reasons[0].sentence


def test_a_wrong_profile_beside_a_sound_one_ends_with_3(planned):
    (planned.sites / "gamma.toml").write_text('domains = ["gamma.example"]\nfeds = []\n')
    result = stub(planned, "say(result={'end': 'finished'})\n")
    assert result.exit_code is ExitCode.PARTIAL
    assert "did you mean 'feeds'" in result.reasons[0].sentence


def test_sites_that_gave_nothing_end_with_3_or_with_4_where_they_are_all():
    moments = {"started_at": "2026-05-01T02:30:00Z", "finished_at": "2026-05-01T02:31:00Z"}
    good, bad = SiteTally(site="a", status="finished", **moments), SiteTally(site="b", status="failed", **moments)
    assert verdict(reasons_of_sites([], [good, bad])) is ExitCode.PARTIAL
    assert verdict(reasons_of_sites([], [bad])) is ExitCode.UNREACHABLE
    assert verdict(reasons_of_sites([], [good])) is ExitCode.OK


def test_a_fault_of_the_program_and_a_place_that_cannot_be_are_told_to_people(planned):
    told = []

    def tell(result):
        told.append(result.exit_code)
        return []

    def free(path):
        raise RuntimeError("no such disk")

    assert Night(planned.request(), free=free).run(tell=tell).exit_code is ExitCode.INTERNAL
    planned.archive = planned.folder / "nightly.toml" / "archive.db"
    assert Night(planned.request()).run(tell=tell).exit_code is ExitCode.READ_ONLY
    assert told == [ExitCode.INTERNAL, ExitCode.READ_ONLY]


def test_telling_people_never_fails_a_night(planned):
    def tell(result):
        raise RuntimeError("no telephone")

    head = "import json, sys\nsys.stdin.readline()\nprint(json.dumps({'result': {'end': 'finished'}}), flush=True)\n"
    result = Night(planned.request(), command=[sys.executable, "-c", head]).run(tell=tell)
    assert (result.exit_code, result.notes) == (ExitCode.OK, ["nobody could be told: RuntimeError: no telephone"])


def test_a_crawl_at_its_limit_ends_with_18_and_one_that_died_with_1(planned):
    assert stub(planned, "say(result={'end': 'time_limit'})\n").exit_code is ExitCode.TIME_LIMIT
    assert stub(planned, "os.kill(os.getpid(), signal.SIGKILL)\n").exit_code is ExitCode.INTERNAL


@pytest.mark.parametrize(("number", "code"), [(1, ExitCode.INTERRUPTED), (2, ExitCode.FORCED)])
def test_one_signal_ends_with_130_and_a_second_with_131(planned, number, code):
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if number == 2 else ""
    script = deaf + "say(ready=1)\nsignal.pause()\ntime.sleep(60)\n"

    def on_event(event):
        for _ in range(number if "ready" in event else 0):
            os.kill(os.getpid(), signal.SIGTERM)

    night = Night(planned.request(), on_event=on_event, command=[sys.executable, "-c", HEAD + script], grace_seconds=20)
    assert night.run().exit_code is code


def test_the_gravest_reason_gives_the_exit_code():
    assert verdict([Reason(code=ExitCode.HEALTH_ALARM, sentence="authors are missing")]) is ExitCode.HEALTH_ALARM
    assert verdict([Reason(code=ExitCode.PARTIAL, sentence="x"), Reason(code=ExitCode.HEALTH_ALARM, sentence="y")]) is ExitCode.HEALTH_ALARM
    assert verdict([Reason(code=ExitCode.HEALTH_ALARM, sentence="x"), Reason(code=ExitCode.ARCHIVE_CORRUPT, sentence="y")]) is (
        ExitCode.ARCHIVE_CORRUPT
    )
    assert verdict([]) is ExitCode.OK
