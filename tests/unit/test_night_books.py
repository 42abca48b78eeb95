"""Which unfinished nights are taken up, and which are over for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from newsarchive.archive.moments import utc_now
from newsarchive.archive.store import Store
from newsarchive.model.candidate import Candidate
from newsarchive.nightly.books import close_old_nights
from newsarchive.nightly.night import TAKEN_UP_WITHIN

SEEDS = ["https://ferry.example/"]


def night(archive, command="newsarchive run --due"):
    """The run that a crawl of this command begins or takes up."""
    with Store(archive) as store:
        run = store.begin_run({"command": command, "archive": str(archive)}, SEEDS)
        store.frontier.add([Candidate(url=SEEDS[0], found_by="seed")], run.id)
    return run


def ended(archive, run, status, reason, hours_ago=0):
    moment = (utc_now() - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE run SET status=?, finish_reason=?, started_at=? WHERE id=?", (status, reason, moment, run.id))


@pytest.mark.parametrize(
    ("status", "reason", "hours_ago", "is_taken_up"),
    [
        ("running", None, 1, True),
        ("interrupted", "interrupted", 1, True),
        ("interrupted", "stalled", 1, True),
        ("interrupted", "stalled", 13, False),
        ("running", None, 13, False),
        ("interrupted", "time_limit", 0, False),
        ("interrupted", "time_limit, killed", 0, False),
        ("finished", "finished", 0, False),
    ],
)
def test_a_night_that_came_to_its_limit_or_is_old_is_over(tmp_path, status, reason, hours_ago, is_taken_up):
    archive = tmp_path / "archive.db"
    first = night(archive)
    ended(archive, first, status, reason, hours_ago)
    closed = close_old_nights(archive, utc_now() - TAKEN_UP_WITHIN)
    second = night(archive)
    assert (second.id == first.id) is second.resumed is is_taken_up
    assert closed == ([] if is_taken_up or status == "finished" else [first.id])


def test_a_crawl_by_hand_is_taken_up_however_old(tmp_path):
    archive = tmp_path / "archive.db"
    first = night(archive, "newsarchive crawl https://ferry.example/")
    ended(archive, first, "interrupted", "time_limit", 100)
    assert close_old_nights(archive, utc_now() - TAKEN_UP_WITHIN) == []
    assert night(archive, "newsarchive crawl https://ferry.example/").id == first.id


def test_front_pages_are_queued_again_after_a_night_at_its_limit(tmp_path):
    archive = tmp_path / "archive.db"
    first = night(archive)
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE frontier SET state='done', last_outcome='source', last_done_run=?", (first.id,))
    ended(archive, first, "interrupted", "time_limit")
    close_old_nights(archive, utc_now() - TAKEN_UP_WITHIN)
    second = night(archive)
    with closing(sqlite3.connect(archive)) as connection:
        assert connection.execute("SELECT state, run_id FROM frontier").fetchall() == [("queued", second.id)]
