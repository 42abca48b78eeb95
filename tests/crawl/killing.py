"""Crawls of the demo newspaper that are killed at chosen moments, and what must hold afterwards.

A moment is a hit on the server or a commit of the writer, never a time on the clock.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from conftest import environment

from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.verify import verify
from newsarchive.demo.server import DemoServer

COMMAND_SECONDS = 120


@dataclass
class Moment:
    """What the frontier looked like when the kill fell."""

    queued: int
    leased: int


@dataclass
class Killed:
    """A crawl that was killed several times and resumed to its end."""

    archive: Path
    moments: list[Moment] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    """Target -> requests over all sessions."""
    run_ids: set[str] = field(default_factory=set)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        return query(self.archive, sql)


def query(archive: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def frontier_moment(archive: Path) -> Moment:
    states = dict(query(archive, "SELECT state, count(*) FROM frontier GROUP BY state"))
    return Moment(int(states.get("queued", 0)), int(states.get("leased", 0)))


def crawl_command(archive: Path, server: DemoServer, *, driver: tuple[str, ...] = ("-m", "newsarchive")) -> list[str]:
    options = ["--archive", str(archive), "--connect-to", server.connect_to, "--revisit", "now", "--delay", "0", "--json", "--quiet"]
    return [sys.executable, *driver, "crawl", server.origin + "/", *options]


def run_to_the_end(archive: Path, server: DemoServer, home: Path) -> subprocess.CompletedProcess[str]:
    command = crawl_command(archive, server)
    done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS, env=environment(home))
    assert done.returncode == 0, done.stderr + done.stdout
    return done


def uninterrupted(home: Path, edition: int = 1) -> tuple[Path, Counter[str]]:
    """The archive of a crawl that nobody disturbed, and what the server was asked."""
    archive = home / "whole.db"
    with DemoServer(edition) as server:
        run_to_the_end(archive, server, home)
        return archive, Counter(target for target, _ in server.requests)


def kill_group(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)


def workers_of(pid: int) -> list[int]:
    """Process ids of the children, by /proc."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def kill_one_worker(process: subprocess.Popen[str]) -> None:
    children = workers_of(process.pid)
    if children:
        os.kill(children[0], signal.SIGKILL)


def crawl_killed_at_hits(home: Path, hits: list[int], *, how: Callable[[subprocess.Popen[str]], None] = kill_group) -> Killed:
    """Crawl; at each of the hits (counted in each session from 1) kill and start the same command again, then run to the end."""
    killed = Killed(home / "killed.db")
    with DemoServer(1) as server:
        for hit in hits:
            _one_session(killed, server, home, hit, how)
        server.on_request = None
        if how is not kill_one_worker:  # the crawl itself went on and ended its run
            run_to_the_end(killed.archive, server, home)
        killed.hits = Counter(target for target, _ in server.requests)
    return killed


def _one_session(killed: Killed, server: DemoServer, home: Path, hit: int, how: Callable[[subprocess.Popen[str]], None]) -> None:
    seen = 0
    lock = threading.Lock()
    running: list[subprocess.Popen[str]] = []
    ready = threading.Event()

    def on_request(number: int, target: str) -> None:
        nonlocal seen
        with lock:
            seen += 1
            is_the_moment = seen == hit
        if is_the_moment:
            ready.wait(10)
            killed.moments.append(frontier_moment(killed.archive))
            how(running[0])

    server.on_request = on_request
    command = crawl_command(killed.archive, server)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home), start_new_session=True
    )
    running.append(process)
    ready.set()
    process.communicate(timeout=COMMAND_SECONDS)


def assert_nothing_is_lost(killed: Killed, whole: Path) -> None:
    """The promise: same archive, sound file, nothing leased, one run, every URL the server saw has an outcome."""
    assert list(canonical_dump(killed.archive)) == list(canonical_dump(whole))
    report = verify(killed.archive)
    assert not report.problems, report.problems
    assert killed.query("SELECT count(*) FROM frontier WHERE state='leased'") == [(0,)]
    assert killed.query("SELECT count(*) FROM run") == [(1,)]
    outcomes = {str(url).split("/", 3)[-1] for (url,) in killed.query("SELECT url FROM outcome")}
    assert {target.lstrip("/") for target in killed.hits} <= outcomes
