"""`newsarchive run`, as a scheduler starts it: real crawls of two small sites, kills, stalls, locks, and each exit code."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import Crawler
from loopback import Answer, Site, article_html, listing_html

from newsarchive.archive import connection as connecting
from newsarchive.archive.lock import WriterLock
from newsarchive.archive.migrations import SCHEMA_VERSION
from newsarchive.archive.nights import SiteTally
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.cli.main import run as run_command
from newsarchive.errors import ExitCode
from newsarchive.model.run import CrawlPlan
from newsarchive.nightly.config import read_config
from newsarchive.nightly.night import Night, NightRequest, night_place
from newsarchive.nightly.verdict import Reason, reasons_of_sites, verdict

STORIES = 3


def small_site(number, **answers):
    links = [f"/2026/03/report-of-the-river-towns-{number}-{i}" for i in range(STORIES)]
    pages = {"/": Answer(listing_html(links)), "/robots.txt": Answer("User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})}
    pages |= {link: Answer(article_html(number * 10 + i)) for i, link in enumerate(links)}
    return Site(pages | answers)


class Nights(Crawler):
    """A folder with profiles and a configuration, and the command in it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.sites = folder / "sites"
        self.sites.mkdir()
        self.allowed = []
        self.configure("")

    def add(self, name, site, schedule='schedule = "1d"'):
        (self.sites / f"{name}.toml").write_text(f'domains = ["{site.allow}"]\nstart = ["{site.url}/"]\n{schedule}\n')
        self.allowed.append(site.allow)

    def configure(self, text):
        (self.folder / "nightly.toml").write_text(text)

    @property
    def places(self):
        allowed = [word for address in self.allowed for word in ("--allow-address", address)]
        return ["--archive", str(self.archive), "--sites", str(self.sites), "--config", str(self.folder / "nightly.toml"), *allowed]

    def night(self, *arguments, timeout=60):
        return self.run("run", *self.places, "--json", *arguments, timeout=timeout)

    def start_night(self, *arguments):
        return self.start("run", *self.places, "--json", *arguments)

    def in_process(self, *arguments):
        return run_command(["run", *self.places, *arguments])

    def request(self, **more):
        """What the command makes of its arguments, for a night in this process."""
        plan = CrawlPlan(seeds=(), archive=self.archive, allow_addresses=self.allowed, command="newsarchive run")
        return NightRequest(plan=plan, sites=self.sites, config=replace(read_config(self.folder / "nightly.toml"), **more))


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path)


def reasons(ran):
    return [reason["sentence"] for reason in ran.summary["reasons"]]


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
        if not archive.exists() or connecting_is_free(archive):
            return
        threading.Event().wait(0.02)
    pytest.fail("the crawl of a killed night goes on")


def connecting_is_free(archive):
    from newsarchive.archive.lock import who_writes

    return who_writes(archive) is None


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


# Exit codes that need no crawl


@pytest.fixture
def planned(nights, monkeypatch):
    """A night that would run: one site whose server is never asked."""
    monkeypatch.setenv("HOME", str(nights.folder))
    with small_site(1) as site:
        nights.add("alpha", site)
        yield nights


def stub(planned, script, **more):
    """The exit code of a night whose crawl is another program."""
    head = "import json, os, signal, sys, time\nsay = lambda **event: print(json.dumps(event), flush=True)\nsys.stdin.readline()\n"
    return Night(planned.request(**more), command=[sys.executable, "-c", head + script], grace_seconds=0.3).run()


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
    import lzma
    from pathlib import Path

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

    head = "import json, os, signal, sys, time\nsay = lambda **event: print(json.dumps(event), flush=True)\nsys.stdin.readline()\n"
    night = Night(planned.request(), on_event=on_event, command=[sys.executable, "-c", head + script], grace_seconds=20)
    assert night.run().exit_code is code


def test_the_gravest_reason_gives_the_exit_code():
    assert verdict([Reason(code=ExitCode.HEALTH_ALARM, sentence="authors are missing")]) is ExitCode.HEALTH_ALARM
    assert verdict([Reason(code=ExitCode.PARTIAL, sentence="x"), Reason(code=ExitCode.HEALTH_ALARM, sentence="y")]) is ExitCode.HEALTH_ALARM
    assert verdict([Reason(code=ExitCode.HEALTH_ALARM, sentence="x"), Reason(code=ExitCode.ARCHIVE_CORRUPT, sentence="y")]) is (
        ExitCode.ARCHIVE_CORRUPT
    )
    assert verdict([]) is ExitCode.OK
