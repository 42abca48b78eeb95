"""kill -9 at any moment: nothing lost, nothing doubled. The seeds fix the moments; `make check-long` runs more of them."""

from __future__ import annotations

import os
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from conftest import environment
from killing import (
    COMMAND_SECONDS,
    Killed,
    assert_nothing_is_lost,
    crawl_command,
    crawl_killed_at_hits,
    frontier_moment,
    kill_one_worker,
    run_to_the_end,
    uninterrupted,
)

from newsarchive.demo.server import DemoServer

KILLS_IN_A_CRAWL = 5
IN_FLIGHT = 2
"""Requests under way to one host (CONCURRENT_REQUESTS_PER_DOMAIN): what a kill may cause to be asked for again."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counter[str]]:
    return uninterrupted(tmp_path_factory.mktemp("whole"))


def seeded_hits(seed: int, total: int) -> list[int]:
    """Hits within each session: spread so that every session still has work when it is killed."""
    source = random.Random(seed)
    share = (total - 10) // (KILLS_IN_A_CRAWL + 1)
    return [source.randint(4, 3 + share) for _ in range(KILLS_IN_A_CRAWL)]


def refetched(killed: Killed, whole_hits: Counter[str]) -> int:
    """Requests beyond those of the uninterrupted crawl, robots.txt (asked for once a session) left out."""
    return sum(max(0, count - whole_hits[target]) for target, count in killed.hits.items() if target != "/robots.txt")


SEEDS = [pytest.param(seed, marks=() if seed < 2 else (pytest.mark.long,)) for seed in range(24)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crawl_killed_with_its_whole_process_group_loses_nothing(seed, whole, tmp_path):
    archive, hits = whole
    killed = crawl_killed_at_hits(tmp_path, seeded_hits(seed, hits.total()))
    assert len(killed.moments) == KILLS_IN_A_CRAWL
    assert all(moment.queued > 0 and moment.leased > 0 for moment in killed.moments), killed.moments
    assert_nothing_is_lost(killed, archive)
    assert refetched(killed, hits) <= KILLS_IN_A_CRAWL * IN_FLIGHT


WORKER_SEEDS = [pytest.param(seed, marks=() if seed < 102 else (pytest.mark.long,)) for seed in range(100, 108)]


@pytest.mark.parametrize("seed", WORKER_SEEDS)
def test_a_killed_worker_loses_no_page(seed, whole, tmp_path):
    archive, hits = whole
    killed = crawl_killed_at_hits(tmp_path, [random.Random(seed).randint(5, hits.total() // 2)], how=kill_one_worker)
    assert all(moment.queued > 0 and moment.leased > 0 for moment in killed.moments)
    assert_nothing_is_lost(killed, archive)
    assert refetched(killed, hits) == 0


COMMIT_SEEDS = [pytest.param(seed, marks=() if seed < 202 else (pytest.mark.long,)) for seed in range(200, 220)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("seed", COMMIT_SEEDS)
def test_a_kill_around_a_commit_loses_nothing(seed, when, whole, tmp_path):
    archive, hits = whole
    killed = Killed(tmp_path / "killed.db")
    number = random.Random(seed).randint(12, hits.total())
    driver = (str(Path(__file__).parent / "commit_killer.py"), str(number), when)
    with DemoServer(1) as server:
        command = crawl_command(killed.archive, server, driver=driver)
        first = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS, env=environment(tmp_path))
        assert first.returncode == -9, first.stderr
        moment = frontier_moment(killed.archive)
        assert moment.queued + moment.leased > 0
        run_to_the_end(killed.archive, server, tmp_path)
        killed.hits = Counter(target for target, _ in server.requests)
    assert_nothing_is_lost(killed, archive)
    assert refetched(killed, hits) <= 2 * IN_FLIGHT


@pytest.mark.parametrize(
    ("number", "hit"), [(15, 3), (2, 20), pytest.param(15, 20, marks=pytest.mark.long), pytest.param(2, 3, marks=pytest.mark.long)]
)
def test_a_signal_ends_the_crawl_in_order_and_the_same_command_resumes_it(number, hit, whole, tmp_path):
    import signal
    import threading
    import time

    archive, _ = whole
    killed = Killed(tmp_path / "killed.db")
    with DemoServer(1) as server:
        arrived = threading.Event()
        server.on_request = lambda n, target: arrived.set() if n == hit else None
        process = subprocess.Popen(
            crawl_command(killed.archive, server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
        )
        assert arrived.wait(60)
        os.kill(process.pid, signal.Signals(number))
        began = time.monotonic()
        process.communicate(timeout=30)
        assert time.monotonic() - began < 15
        assert process.returncode == 130
        assert frontier_moment(killed.archive).leased == 0
        server.on_request = None
        run_to_the_end(killed.archive, server, tmp_path)
        killed.hits = Counter(target for target, _ in server.requests)
    assert_nothing_is_lost(killed, archive)


def test_a_second_crawl_exits_at_once_and_touches_nothing(tmp_path):
    with DemoServer(1, slow=0.3) as server:
        import threading

        arrived = threading.Event()
        server.on_request = lambda n, target: arrived.set() if n == 3 else None
        archive = tmp_path / "archive.db"
        first = subprocess.Popen(
            crawl_command(archive, server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
        )
        assert arrived.wait(60)
        second = subprocess.run(crawl_command(archive, server), capture_output=True, text=True, timeout=60, env=environment(tmp_path))
        first.kill()
        first.communicate()
    assert second.returncode == 6
    assert str(first.pid) in second.stderr
    assert "Traceback" not in second.stderr
