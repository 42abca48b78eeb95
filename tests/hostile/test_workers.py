"""Workers that hang, explode, crash, are killed and talk nonsense: the page gets its verdict, the next page is served."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsarchive.errors import WorkerFailed, WorkersStopped
from newsarchive.model.page import Page
from newsarchive.workers.job import Job, perform
from newsarchive.workers.pool import WorkerPool

HOSTILE = (sys.executable, str(Path(__file__).with_name("hostile_worker.py")))
ARTICLE = b"""<!doctype html><html lang="en"><head><title>The ferry is back</title><meta property="og:type" content="article">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The ferry is back", "datePublished": "2026-11-20"}</script></head>
<body><article><h1>The ferry is back</h1><p>After nine weeks in the dock the ferry has returned to the harbour, and the first cars
rolled aboard before the sun was up on Friday morning, while the band of the fire brigade played on the quay.</p>
<p>The captain said that the new engine is quieter than the gulls, and that the crossing will take four minutes less than it did
with the old one, which had served the island since the bridge was lost in the great storm.</p>
<p>Tickets cost as much as before, and bicycles still travel for nothing, the harbour office wrote in a letter to all households
on both sides of the water.</p></article><a href="/2026/11/21/gulls-complain">Gulls</a></body></html>"""


def job(name: str, body: bytes = ARTICLE) -> Job:
    return Job(page=Page(url=f"http://demo.example/{name}", body=body))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def with_pool(scenario, size=1, command=HOSTILE, **options):
    async def whole():
        pool = WorkerPool(size, command=command, **options)
        await pool.start()
        try:
            return await scenario(pool)
        finally:
            pids = pool.pids
            await pool.close()
            assert not [pid for pid in pids if is_alive(pid)]
            assert not pool._living

    return asyncio.run(whole())


async def verdict_on(pool: WorkerPool, name: str) -> WorkerFailed:
    with pytest.raises(WorkerFailed) as caught:
        await pool.run(job(name))
    return caught.value


async def assert_next_page_is_served(pool: WorkerPool) -> None:
    result = await asyncio.wait_for(pool.run(job("good")), 30)
    assert result.extraction is not None
    assert "ferry has returned" in result.extraction.article.body


def test_a_result_is_the_same_in_a_worker_and_in_this_process():
    async def scenario(pool):
        return await pool.run(job("2026/11/20/ferry"))

    assert with_pool(scenario, command=()) == perform(job("2026/11/20/ferry"))


def test_a_hanging_page_is_a_parse_timeout_and_its_process_is_gone_within_a_second():
    async def scenario(pool):
        (pid,) = pool.pids
        started = time.monotonic()
        failure = await verdict_on(pool, "hang")
        assert failure.outcome == "parse_timeout"
        assert time.monotonic() - started < 0.5 + 1.0
        assert not is_alive(pid)
        await assert_next_page_is_served(pool)
        assert pool.pids != [pid]

    with_pool(scenario, page_seconds=0.5)


def test_a_page_that_eats_memory_is_unreadable_after_two_tries():
    async def scenario(pool):
        failure = await verdict_on(pool, "bomb")
        assert (failure.outcome, pool.restarts) == ("unreadable", 2)
        assert "memory" in failure.detail
        await assert_next_page_is_served(pool)

    with_pool(scenario, memory_mb=256)


def test_a_page_that_crashes_its_worker_is_an_error_after_two_tries():
    async def scenario(pool):
        failure = await verdict_on(pool, "crash")
        assert (failure.outcome, pool.restarts) == ("error", 2)
        assert "SIGSEGV" in failure.detail
        await assert_next_page_is_served(pool)

    with_pool(scenario)


def test_a_single_crash_loses_no_page(tmp_path, monkeypatch):
    async def scenario(pool):
        result = await pool.run(job("crashonce-" + str(tmp_path / "mark").replace("/", "%2f")))
        assert result.kind == "article"
        assert pool.restarts == 1

    monkeypatch.chdir(tmp_path)
    with_pool(scenario)


def test_bytes_that_are_no_frame_are_a_crash():
    async def scenario(pool):
        failure = await verdict_on(pool, "garbage")
        assert failure.outcome == "error"
        assert "not a frame" in failure.detail
        await assert_next_page_is_served(pool)

    with_pool(scenario)


def test_what_a_page_prints_never_reaches_the_frames():
    async def scenario(pool):
        assert (await pool.run(job("chatter"))).kind == "article"

    with_pool(scenario)


def test_a_fault_of_ours_is_an_error_with_its_place_and_keeps_the_worker():
    async def scenario(pool):
        pids = pool.pids
        failure = await verdict_on(pool, "raise")
        assert failure.outcome == "error"
        assert "KeyError" in failure.detail
        assert "hostile_worker.py:" in failure.detail
        assert (pool.pids, pool.restarts) == (pids, 0)

    with_pool(scenario)


@pytest.mark.parametrize("moment", ["idle", "busy"])
def test_a_worker_killed_from_outside_loses_no_page(moment):
    async def scenario(pool):
        if moment == "busy":
            running = [asyncio.ensure_future(pool.run(job(f"good-{i}"))) for i in range(20)]
            await running[3]
            os.kill(pool.pids[0], signal.SIGKILL)
            assert [result.kind for result in await asyncio.gather(*running)] == ["article"] * 20
        else:
            (pid,) = pool.pids
            os.kill(pid, signal.SIGKILL)
            while is_alive(pid):
                await asyncio.sleep(0.01)
            await assert_next_page_is_served(pool)

    with_pool(scenario)


def test_callers_wait_for_a_free_worker():
    async def scenario(pool):
        running = [asyncio.ensure_future(pool.run(job(f"good-{i}"))) for i in range(50)]
        results = await asyncio.gather(*running)
        assert len(results) == 50
        assert len(pool.pids) <= 2

    with_pool(scenario, size=2)


def test_pages_one_after_the_other_need_one_worker():
    async def scenario(pool):
        for i in range(5):
            assert (await pool.run(job(f"good-{i}"))).kind == "article"
        assert len(pool.pids) == 1

    with_pool(scenario, size=4)


def test_a_page_that_waits_gets_a_worker_of_its_own_up_to_the_size():
    async def scenario(pool):
        hanging = [asyncio.ensure_future(pool.run(job("hang"))) for _ in range(2)]
        await assert_next_page_is_served(pool)
        assert len(pool.pids) == 3
        await assert_next_page_is_served(pool)
        assert len(pool.pids) == 3
        await pool.close()
        assert all(isinstance(end, WorkersStopped) for end in await asyncio.gather(*hanging, return_exceptions=True))

    with_pool(scenario, size=3, page_seconds=60)


def test_closing_in_the_middle_ends_every_caller_and_every_process():
    async def scenario(pool):
        running = [asyncio.ensure_future(pool.run(job("hang"))) for _ in range(5)]
        await asyncio.sleep(0.1)
        await pool.close()
        assert all(isinstance(end, WorkersStopped) for end in await asyncio.gather(*running, return_exceptions=True))

    with_pool(scenario, size=2)


def test_closing_while_workers_start_leaves_no_process():
    async def whole():
        pool = WorkerPool(2, command=HOSTILE)
        starting = asyncio.ensure_future(pool.start())
        while not pool._living:
            await asyncio.sleep(0.001)
        pids = [child.pid for child in pool._living]
        await pool.close()
        await asyncio.gather(starting, return_exceptions=True)
        assert not [pid for pid in pids if is_alive(pid)]

    asyncio.run(whole())


def test_kill_needs_no_event_loop():
    pool = WorkerPool(2, command=HOSTILE)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(pool.start())
    pids = pool.pids
    pool.kill()
    pool.kill()
    deadline = time.monotonic() + 5
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        loop.run_until_complete(asyncio.sleep(0.01))
    assert not any(map(is_alive, pids))
    loop.run_until_complete(pool.close())
    loop.close()


def test_a_cancelled_caller_costs_a_worker_and_nothing_else():
    async def scenario(pool):
        running = asyncio.ensure_future(pool.run(job("hang")))
        await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await assert_next_page_is_served(pool)

    with_pool(scenario)


def test_workers_die_with_a_parent_that_is_killed():
    program = (
        "import asyncio, sys\nfrom newsarchive.model.page import Page\nfrom newsarchive.workers.job import Job\n"
        "from newsarchive.workers.pool import WorkerPool\n"
        "async def main():\n    pool = WorkerPool(2, command=sys.argv[1:])\n    await pool.start()\n"
        "    busy = [asyncio.ensure_future(pool.run(Job(page=Page(url='http://demo.example/hang', body=b'x')))) for _ in range(2)]\n"
        "    while len(pool.pids) < 2:\n        await asyncio.sleep(0.01)\n"
        "    print(*pool.pids, flush=True)\n    await asyncio.sleep(60)\nasyncio.run(main())"
    )
    with subprocess.Popen([sys.executable, "-c", program, *HOSTILE], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
    deadline = time.monotonic() + 5
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_alive, pids))


def test_a_program_that_is_no_worker_is_reported_with_what_it_said():
    async def whole():
        pool = WorkerPool(1, command=(sys.executable, "-c", "raise SystemExit('no such room')"))
        with pytest.raises(WorkerFailed, match="no such room"):
            await pool.start()

    asyncio.run(whole())


def test_workers_ignore_the_terminals_signals():
    async def scenario(pool):
        (pid,) = pool.pids
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
        await assert_next_page_is_served(pool)
        assert pool.pids == [pid]

    with_pool(scenario)


def test_a_worker_inherits_no_secrets(monkeypatch):
    from newsarchive.workers.child import worker_environment

    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "/tmp/x.py")
    assert not {"SOME_TOKEN", "PYTHONSTARTUP"} & worker_environment().keys()


def test_feeds_and_sitemaps_are_told_from_pages_whatever_their_type():
    feed = b"<?xml version='1.0'?><rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
    assert perform(job("x.html", feed)).kind == "feed"
    assert perform(job("x", b"<urlset><url><loc>/a</loc></url></urlset>")).kind == "sitemap"
    assert perform(job("x.xml", ARTICLE)).kind == "article"
    assert perform(job("x", b"")).kind == "unreadable"
    assert perform(job("x", b"%PDF-1.4")).kind == "unreadable"


def test_traps_are_handed_on_to_be_refused_by_name():
    page = ARTICLE.replace(b"</body>", b'<a href="/calendar/2031/05">Next</a></body>')
    assert [c.url for c in perform(job("x", page)).candidates] == [
        "http://demo.example/2026/11/21/gulls-complain",
        "http://demo.example/calendar/2031/05",
    ]
