"""`newsarchive run`, as a scheduler starts it: real crawls of two small sites, kills, stalls and locks."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
from datetime import timedelta

import pytest
from night_folder import STORIES, Nights, reasons, small_site

from newsarchive.archive.lock import who_writes
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.cli.main import run as run_command
from newsarchive.errors import ExitCode
from newsarchive.nightly.night import Night


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path)


def test_a_night_of_two_sites_is_recorded_whole_and_done_once(nights, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(nights.folder))

    def ran(*arguments):
        code = run_command([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    folder = nights.folder / "copies"
    nights.configure(f'[retention]\nolder_than = "90d"\n[backup]\nfolder = "{folder}"\nkeep = 1\n[report]\nfolder = "{nights.folder}"\n')
    with small_site(1) as one, small_site(2) as two:
        nights.add("alpha", one)
        nights.add("beta", two)
        planned = ran("run", *nights.places, "--due", "--dry-run")
        assert not nights.archive.exists(), "a dry run touches nothing"
        code, first = ran("run", *nights.places, "--due")
        again = ran("run", *nights.places, "--due")
    assert (planned[0], [item["runs"] for item in planned[1]]) == (ExitCode.OK, [True, True])
    assert (code, first["reasons"]) == (ExitCode.OK, []), first
    assert [(item["site"], item["status"], item["outcomes"]["stored"]) for item in first["sites"]] == [
        ("alpha", "finished", STORIES),
        ("beta", "finished", STORIES),
    ]
    steps = {item["name"]: item["status"] for item in first["steps"]}
    assert steps == dict.fromkeys(("crawl", "health", "retention", "optimize", "backup", "report"), "done")
    assert (again[0], again[1]["reasons"][0]["sentence"]) == (ExitCode.NOTHING_DUE, "no site is due")
    [copy] = folder.iterdir()
    assert verify(copy).is_sound
    assert (nights.folder / "run-1.html").exists()
    _, shown = ran("runs", "show", "1", "--archive", str(nights.archive))
    assert (shown["status"], shown["exit_code"], shown["requests"] >= 2 * STORIES) == ("finished", 0, True)
    assert shown["sites"][0]["coverage"]["title"] == 1.0
    assert shown["sites"][0]["bytes"] > 1000
    assert [step["name"] for step in shown["steps"]] == list(steps)
    assert ran("runs", "--archive", str(nights.archive))[1][0]["uuid"] == shown["uuid"]
    code, status = ran("status", *nights.places[:6])
    assert (code, [item["state"] for item in status["sites"]]) == (ExitCode.OK, ["ok", "ok"])
    open_alarm(nights.archive)
    code, status = ran("status", *nights.places[:6])
    assert (code, [(alarm["site"], alarm["field"]) for alarm in status["alarms"]]) == (ExitCode.HEALTH_ALARM, [("alpha", "authors")])


def open_alarm(archive):
    connection = sqlite3.connect(archive)
    with connection:
        connection.execute(
            "INSERT INTO health_alarm(site, field, since, run_id, usual, value, raised_at)"
            " VALUES('alpha', 'authors', '2026-05-01T02:30:00Z', 1, 1.0, 0.0, '2026-05-01T03:00:00Z')"
        )
    connection.close()


def test_a_killed_night_goes_on_where_it_stopped_and_crawls_nothing_twice(nights):
    moment = threading.Event()
    with small_site(1) as one, small_site(2) as two:
        nights.add("alpha", one)
        nights.add("beta", two)
        two.on_request = lambda number, path: moment.set() if number == 2 else None
        process = nights.start_night("--due")
        assert moment.wait(50)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        two.on_request = None
        wait_for_release(nights.archive)
        ran = nights.night("--due")
    assert ran.code == ExitCode.OK, ran.err + ran.out
    assert nights.query("SELECT count(*) FROM article") == [(2 * STORIES,)]
    assert nights.query("SELECT count(*), count(DISTINCT url) FROM fetch WHERE outcome='stored'") == [(2 * STORIES, 2 * STORIES)]
    assert nights.query("SELECT count(*) FROM frontier WHERE state='leased'") == [(0,)]
    assert nights.night("--due").code == ExitCode.NOTHING_DUE


def wait_for_release(archive):
    """Until the crawl, whose parent was killed, has noticed and ended in order."""
    for _ in range(1500):
        if not archive.exists() or who_writes(archive) is None:
            return
        threading.Event().wait(0.02)
    pytest.fail("the crawl of a killed night goes on")


@pytest.mark.long
def test_a_host_that_never_answers_is_left_by_the_watchdog_in_order(nights):
    stuck = threading.Event()
    with small_site(1) as one:
        one.on_request = lambda number, path: stuck.wait(60) if path == "/" else None
        nights.add("alpha", one)
        result = Night(nights.request(stalled_after=timedelta(seconds=3)), grace_seconds=15).run()
        stuck.set()
    assert result.exit_code is ExitCode.STALLED, result.reasons
    assert nights.query("SELECT status, finish_reason FROM run") == [("interrupted", "stalled")]
    assert nights.query("SELECT exit_code FROM run_record") == [(ExitCode.STALLED,)]
    assert [tally.status for tally in result.sites] == ["unfinished"]


def test_a_crawl_that_hangs_is_killed_its_run_is_closed_and_goes_on_with_an_alarm_open(nights):
    running = threading.Event()

    def on_request(number, path):
        if path == "/":
            [child] = children_of(os.getpid())
            os.kill(child, signal.SIGSTOP)
            running.set()

    with small_site(1) as one:
        one.on_request = on_request
        nights.add("alpha", one)
        result = Night(nights.request(stalled_after=timedelta(seconds=4)), grace_seconds=0.5).run()
        assert running.is_set()
        one.on_request = None
        open_alarm(nights.archive)
        again = nights.night("--due")
    assert result.exit_code is ExitCode.STALLED, result.reasons
    assert result.steps[0].detail["was_forced"]
    assert (again.code, reasons(again)[0][:12]) == (ExitCode.HEALTH_ALARM, "1 open alarm"), again.out
    assert nights.query("SELECT count(*) FROM run") == [(1,)], "the same run goes on"
    assert nights.query("SELECT status, exit_code, sessions FROM run JOIN run_record ON run_id=id") == [("finished", 19, 2)]


def children_of(pid):
    """Crawls among the children of a process."""
    done = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(line.split()[0]) for line in done.stdout.splitlines() if "newsarchive.nightly.child" in line]


@pytest.mark.long
def test_a_site_that_gives_nothing_and_a_wrong_profile_make_a_night_partial(nights):
    with small_site(1) as one, small_site(2) as two:
        nights.add("alpha", one)
        nights.add("beta", two)
        (nights.sites / "gamma.toml").write_text('domains = ["gamma.example"]\nfeds = ["https://gamma.example/rss"]\n')
        two.pages.clear()
        ran = nights.night()
    assert ran.code == ExitCode.PARTIAL, ran.err + ran.out
    assert [(item["site"], item["status"]) for item in ran.summary["sites"]] == [("alpha", "finished"), ("beta", "failed")]
    assert "did you mean 'feeds'" in " ".join(reasons(ran))
    assert nights.query("SELECT count(*) FROM article") == [(STORIES,)]


@pytest.mark.long
def test_a_crawl_that_finds_the_archive_busy_ends_with_7_and_lets_go(nights):
    Store(nights.archive).close()
    other = sqlite3.connect(nights.archive, isolation_level=None)
    with small_site(1) as one:
        nights.add("alpha", one)
        other.execute("BEGIN IMMEDIATE")
        ran = nights.night()
        other.close()
        again = nights.night()
    assert (ran.code, again.code) == (ExitCode.ARCHIVE_BUSY, ExitCode.OK), ran.out + again.out
    assert "locked by another program" in reasons(ran)[0]


@pytest.mark.long
def test_one_signal_closes_a_crawl_within_seconds_though_a_host_never_answers(nights):
    stuck, asked = threading.Event(), threading.Event()

    def on_request(number, path):
        if path == "/":
            asked.set()
            stuck.wait(60)

    with small_site(1) as one:
        one.on_request = on_request
        process = nights.start("crawl", one.url + "/", "--archive", str(nights.archive), "--allow-address", one.allow, "--json", "--quiet")
        assert asked.wait(50)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=18)
        stuck.set()
    assert (process.returncode, said) == (ExitCode.INTERRUPTED, "")
    assert nights.query("SELECT status FROM run") == [("interrupted",)]
