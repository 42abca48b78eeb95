"""Analysts open the file with their own programs, also while a crawl writes, and find columns that those understand."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from datetime import datetime

import pytest
import sqlite_utils
from archive_samples import PLAN, SITE, Clock, article, teaser
from first_archive import first_archive

from newsarchive.archive.schema_search import VIEW_NAMES
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify

LISTS = {"authors", "tags", "seeds", "flags", "opt_outs", "body_blocks"}
OBJECTS = {"rules", "settings", "software", "stats", "hints", "headers"}
MOMENTS = {"first_seen", "last_seen", "fetched_at", "started_at", "finished_at", "replaced_at", "decided_at", "gone_at", "missing_since"}
PUBLISHED = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?Z)?)?)?")

READER = """
import sqlite3, sys
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=0)
for line in sys.stdin:
    connection.execute("BEGIN")
    counts = [len(connection.execute(f"SELECT * FROM {view}").fetchall()) for view in sys.argv[2:]]
    found = connection.execute("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'ferry'").fetchone()[0]
    connection.execute("ROLLBACK")
    print(*counts, found, flush=True)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = first_archive(tmp_path_factory.mktemp("demo") / "a.db")
    Store(path).close()
    return path


def columns(path):
    """(table or view, column, values) of the whole archive."""
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table','view') AND sql NOT LIKE '%fts%'")]
    for name in names:
        cursor = connection.execute(f"SELECT * FROM {name}")
        rows = cursor.fetchall()
        for number, column in enumerate(cursor.description):
            yield name, column[0], [row[number] for row in rows if row[number] is not None]
    connection.close()


def test_lists_and_objects_are_json_in_every_table_and_view(demo):
    seen = set()
    for table, name, values in columns(demo):
        kind = list if name in LISTS else dict if name in OBJECTS else None
        if kind:
            assert all(isinstance(json.loads(value), kind) for value in values), f"{table}.{name}"
            seen |= {name} if values else set()
    assert seen == LISTS | OBJECTS


def test_moments_are_utc_to_the_second_so_that_text_order_is_time_order(demo):
    for table, name, values in columns(demo):
        if name in MOMENTS:
            assert all(datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").tzname() == "UTC" for value in values), f"{table}.{name}"
        if name == "published_utc":
            assert values
            assert all(PUBLISHED.fullmatch(value) for value in values), "sorts as text, and pandas reads it with format='ISO8601'"


def test_no_view_has_two_columns_of_one_name_or_one_without_a_plain_name(demo):
    names: dict[str, list[str]] = {}
    for table, name, _ in columns(demo):
        names.setdefault(table, []).append(name)
    for table, found in names.items():
        assert len(found) == len(set(found)), table
        assert all(name.isidentifier() for name in found), table


def test_sqlite_utils_reads_every_view_and_searches(demo):
    database = sqlite_utils.Database(demo)
    assert {view.name for view in database.views} == VIEW_NAMES
    for view in database.views:
        assert len(list(view.rows)) == view.count
    hits = list(database["article"].search("harbour", columns=["title", "site"], limit=3))
    assert [hit["site"] for hit in hits] == ["demo-news.example"] * 3
    database.close()


def test_programs_read_every_view_while_the_crawl_writes_and_never_wait_or_hinder_it(tmp_path):
    path, clock = tmp_path / "a.db", Clock()
    with Store(path, clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.connection.execute("PRAGMA busy_timeout=0").fetchone()
        command = [sys.executable, "-c", READER, str(path), *sorted(VIEW_NAMES)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            for number in range(60):
                text = [f"The ferry was seen {number} times."]
                store.save([article(f"/{number % 40}", f"Ferry {number}", text, at=clock.move(hours=1), teasers=[teaser("Boats")])], run)
                reader.stdin.write("read\n")
                reader.stdin.flush()
            out, _ = reader.communicate()
        store.finish_run(run, "finished", "finished")
    assert reader.returncode == 0
    counts = [[int(number) for number in line.split()] for line in out.splitlines()]
    assert len(counts) == 60
    position = sorted(VIEW_NAMES).index("articles")
    assert all(line[position] == line[-1] for line in counts), "a snapshot in which index and articles differ"
    assert [line[position] for line in counts] == sorted(line[position] for line in counts)
    assert counts[-1][position] == 40
    assert verify(path).is_sound
