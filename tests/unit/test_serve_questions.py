"""What the web page asks of an archive: promotion, changes, sites and runs, a page at a time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from archive_samples import NOON, PLAN, SITE, Clock, article, teaser

from newsarchive.archive import changed, promoting
from newsarchive.archive.changed import ChangeQuestion, changes_of, name_of
from newsarchive.archive.filters import Filters
from newsarchive.archive.portrait import answers, last_verdicts, months_of, most_promoted, portrait, sites_of
from newsarchive.archive.promoting import PromotionQuestion, promotion_overview
from newsarchive.archive.reader import open_archive
from newsarchive.archive.run_history import alarms_of, hosts_in, run_line, runs_of, steps_of, verdicts_in
from newsarchive.archive.store import Store
from newsarchive.errors import NotInArchive
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.serve.timeline import timeline


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Three days of captures: a headline changes silently, another with its date, a text alone; one article goes."""
    path = tmp_path_factory.mktemp("asked") / "a.db"
    clock = Clock()
    boats = [teaser("Boats"), teaser("Storm", 1, module="Most read", kind="list")]
    with Store(path, clock=clock) as store:
        for day in range(3):
            clock.now = NOON + timedelta(days=day)
            run = store.begin_run(PLAN | {"day": day}, [f"{SITE}/"]).id
            again = " again" if day else ""
            dates = {"date_published": "2026-05-01", "date_modified": "2026-05-01"}
            store.save(
                [
                    article("/silent", f"Late{again}", at=clock.now, teasers=boats, section="Town", authors=["Ivo Penhale"], **dates),
                    article("/said", f"Said{again}", at=clock.now, **dates | {"date_modified": f"2026-05-0{day + 1}"}),
                    article("/boats", "Boats", [f"They came{again}."], at=clock.now, teasers=boats[:1], **dates),
                    article("https://other.example/x", "Elsewhere", at=clock.now, teasers=[teaser("Boats", kind="inline", module=None)]),
                ],
                run,
            )
            if day == 2:
                gone = Capture(url=f"{SITE}/said", outcome=Outcome.GONE, page=replace(article("/said", at=clock.now).page, status=410))
                store.save([gone], run)
            clock.move(seconds=90)
            store.finish_run(run, "finished", "finished", {})
    return path


@pytest.fixture(scope="module")
def connection(path):
    with open_archive(path) as opened:
        yield opened.connection


def test_stories_are_counted_by_address_over_all_captures(connection):
    found = promotion_overview(connection, PromotionQuestion())
    assert (found.captures, found.appearances, found.is_cut) == (9, 12, False)
    first, second = found.stories
    assert (first.title, first.appearances, first.pages, first.best_position) == ("Boats", 9, 3, 1)
    assert (second.title, second.appearances, second.pages, second.best_position) == ("Storm", 3, 1, 2)
    assert first.article_id is not None
    assert second.article_id is None
    assert (first.first_seen[:10], first.last_seen[:10]) == ("2026-05-01", "2026-05-03")
    assert found.captured_days == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert found.modules == [("Read next", 6), (None, 3), ("Most read", 3)]


@pytest.mark.parametrize(
    ("question", "appearances"),
    [
        (PromotionQuestion(site="other.example"), 3),
        (PromotionQuestion(site="nowhere.example"), 0),
        (PromotionQuestion(kind="list"), 3),
        (PromotionQuestion(module="Read next"), 6),
        (PromotionQuestion(words="STORM"), 3),
        (PromotionQuestion(words="storm boats"), 0),
        (PromotionQuestion(target="paper.example"), 12),
        (PromotionQuestion(target="other.example"), 0),
        (PromotionQuestion(since="2026-05-02"), 8),
        (PromotionQuestion(until="2026-05-02"), 4),
        (PromotionQuestion(since="2026-05-02", until="2026-05-03", kind="inline"), 1),
    ],
)
def test_promotion_is_narrowed(connection, question, appearances):
    found = promotion_overview(connection, question)
    assert found.appearances == appearances
    assert sum(row.appearances for row in found.days) == appearances
    assert sum(row.appearances for row in found.stories) == appearances


def test_promotion_says_when_only_the_newest_captures_were_counted(connection, monkeypatch):
    monkeypatch.setattr(promoting, "MOST_CAPTURES", 3)
    found = promotion_overview(connection, PromotionQuestion())
    assert found.is_cut
    assert found.captured_days == ["2026-05-03"]
    assert found.captures == 3


def test_changes_are_those_of_the_command(path, connection):
    found = changes_of(connection, ChangeQuestion(), limit=100)
    with open_archive(path) as opened:
        assert found.rows == opened.changes()
    assert sorted(name_of(row) for row in found.rows) == ["headline", "removed", "silent headline", "text"]
    assert found.found == 4
    assert not found.is_cut
    assert {(row.day, row.kind): row.changes for row in found.days} == {
        ("2026-05-02", "silent headline"): 1,
        ("2026-05-02", "headline"): 1,
        ("2026-05-02", "text"): 1,
        ("2026-05-03", "removed"): 1,
    }


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (ChangeQuestion(kind="silent"), ["silent headline"]),
        (ChangeQuestion(kind="headline"), ["headline", "silent headline"]),
        (ChangeQuestion(kind="text"), ["text"]),
        (ChangeQuestion(kind="gone"), ["removed"]),
        (ChangeQuestion(kind="missing"), []),
        (ChangeQuestion(site="other.example"), []),
        (ChangeQuestion(site="paper.example", since="2026-05-03"), ["removed"]),
        (ChangeQuestion(until="2026-05-02"), []),
        (ChangeQuestion(words="boats"), ["text"]),
        (ChangeQuestion(words="+"), []),
    ],
)
def test_changes_are_narrowed(connection, question, names):
    assert sorted(name_of(row) for row in changes_of(connection, question).rows) == names


def test_changes_come_a_page_at_a_time(connection):
    everything = changes_of(connection, ChangeQuestion(), limit=4).rows
    second = changes_of(connection, ChangeQuestion(), limit=2, offset=2)
    assert second.rows == everything[2:]
    assert second.found == 4


def test_changes_say_when_older_edits_were_not_looked_at(connection, monkeypatch):
    monkeypatch.setattr(changed, "MOST_EDITS", 2)
    found = changes_of(connection, ChangeQuestion())
    assert found.is_cut
    assert found.found == 3, "two edits and the removal"


def test_sites_are_listed_with_what_was_last_asked_of_them(connection):
    assert [(row.site, row.articles, row.last_request) for row in sites_of(connection)] == [
        ("paper.example", 3, "2026-05-03T12:00:00Z"),
        ("other.example", 1, "2026-05-03T12:00:00Z"),
    ]


def test_months_say_whether_anybody_looked(connection):
    found = months_of(connection, ["paper.example", "other.example"], ["2026-04", "2026-05", "2026-06"])
    assert [(row.site, row.month, row.articles, row.days_collected) for row in found] == [
        ("paper.example", "2026-04", 0, 1),
        ("paper.example", "2026-05", 3, 3),
        ("paper.example", "2026-06", 0, 0),
        ("other.example", "2026-04", 0, 1),
        ("other.example", "2026-05", 0, 3),
        ("other.example", "2026-06", 0, 0),
    ]
    assert months_of(connection, ["paper.example"], []) == []


def test_a_site_is_told_in_figures(connection):
    found = portrait(connection, "paper.example")
    assert (found.articles, found.changed, found.gone, found.missing) == (3, 3, 1, 0)
    assert found.hosts == ["paper.example"]
    by_day = {(row.day, row.outcome): row.requests for row in answers(connection, found)}
    assert by_day["2026-05-01", "stored"] == 3
    assert by_day["2026-05-03", "gone"] == 1
    assert dict(last_verdicts(connection, found.hosts)).keys() <= {outcome.value for outcome in Outcome}
    assert [(row.title, row.appearances) for row in most_promoted(connection, found.site, found.hosts)] == [("Boats", 9), ("Storm", 3)]


def test_a_site_that_is_not_there_is_said_so(connection):
    with pytest.raises(NotInArchive, match=r"nowhere\.example"):
        portrait(connection, "nowhere.example")


def test_runs_tell_outcomes_and_durations(connection):
    newest, *others = runs_of(connection, limit=10)
    assert (newest.id, newest.seconds, newest.job, newest.seeds) == (3, 90, "crawl", [f"{SITE}/"])
    assert newest.outcomes == {"unchanged": 3, "gone": 1}
    assert [run.id for run in others] == [2, 1]
    assert run_line(connection, 1).outcomes == {"stored": 4}
    assert [(line.host, line.addresses, line.articles) for line in hosts_in(connection, 1)] == [
        ("paper.example", 3, 3),
        ("other.example", 1, 1),
    ]
    with pytest.raises(NotInArchive, match="no run 9"):
        run_line(connection, 9)


def test_addresses_of_a_run_are_narrowed_and_paged(connection):
    found = verdicts_in(connection, 3, outcome="unchanged", host=None, limit=1, offset=1)
    assert [(row.url, row.outcome) for row in found] == [(f"{SITE}/boats", "unchanged")]
    assert found[0].article_id is not None
    assert len(verdicts_in(connection, 3, outcome=None, host="other.example", limit=10)) == 1


def test_an_archive_without_nights_and_alarms_is_read_as_well(path, tmp_path):
    """Archives of schema version 3, which no crawl has touched since."""
    old = tmp_path / "old.db"
    with sqlite3.connect(path) as source, sqlite3.connect(old) as copy:
        source.backup(copy)
    copy = sqlite3.connect(old)
    for statement in ("DROP TABLE run_step", "DROP TABLE health_alarm", "DROP INDEX fetch_host", "DROP INDEX article_lost"):
        copy.execute(statement)
    copy.execute("PRAGMA user_version=3")
    copy.commit()
    copy.close()
    with open_archive(old) as opened:
        assert alarms_of(opened.connection) == []
        assert steps_of(opened.connection, 1) == []
        assert changes_of(opened.connection, ChangeQuestion()).found == 4
        assert [row.days_collected for row in timeline(opened.connection).spans] == [1]
        assert portrait(opened.connection, "paper.example").last_request == "2026-05-03T12:00:00Z"


def test_steps_and_alarms_are_shown_where_there_are_any(path, tmp_path):
    watched = tmp_path / "watched.db"
    with sqlite3.connect(path) as source, sqlite3.connect(watched) as copy:
        source.backup(copy)
    copy = sqlite3.connect(watched)
    copy.execute(
        "INSERT INTO run_step(run_id, seq, name, status, started_at, finished_at, detail)"
        " VALUES(1, 1, 'backup', 'done', '2026-05-01T13:00:00Z', '2026-05-01T13:00:05Z', '{\"bytes\": 12, \"path\": null}')"
    )
    for field, over in (("found", None), ("authors", "2026-05-03T00:00:00Z")):
        copy.execute(
            "INSERT INTO health_alarm(site, field, since, run_id, usual, value, raised_at, over_at) VALUES(?,?,?,?,?,?,?,?)",
            ("paper.example", field, "2026-05-02T00:00:00Z", 3, 40, 2, "2026-05-03T00:00:00Z", over),
        )
    copy.commit()
    copy.close()
    with open_archive(watched) as opened:
        [step] = steps_of(opened.connection, 1)
        assert (step.name, step.status, step.detail) == ("backup", "done", "bytes: 12")
        [alarm] = alarms_of(opened.connection)
        assert (alarm.site, alarm.field, alarm.usual, alarm.value) == ("paper.example", "found", 40, 2)
        assert alarms_of(opened.connection, "other.example") == []


@pytest.fixture(scope="module")
def long_path(tmp_path_factory):
    """Fourteen years of articles, and one with a wrong date."""
    path = tmp_path_factory.mktemp("long") / "a.db"
    clock = Clock(datetime.fromisoformat("2026-05-01T12:00:00+00:00"))
    with Store(path, clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        dates = ["1926-05-01", *(f"{2012 + number % 14}-0{1 + number % 9}-10" for number in range(250)), "2026"]
        captures = [article(f"/{number}", f"Story {number}", date_published=day, at=clock.now) for number, day in enumerate(dates)]
        store.save([replace(capture, keep_raw=False) for capture in captures], run)
    return path


def test_many_years_are_drawn_by_year_without_the_strays(long_path):
    with open_archive(long_path) as opened:
        found = timeline(opened.connection)
    assert found.by == "year"
    assert (found.spans[0].key, found.spans[-1].key) == ("2012", "2025")
    assert (found.left_out, found.undated) == (1, 1)
    assert sum(row.articles for row in found.spans) == 250
    plot = found.plot("sample")
    assert plot.note == "Not drawn: 1 with dates before 2012 and 1 without such a date."
    assert plot.labels.title == "Articles by year of publication"


def test_some_years_are_drawn_by_month_and_some_months_by_day(long_path):
    with open_archive(long_path) as opened:
        months = timeline(opened.connection, Filters(since="2020", until="2024"))
        days = timeline(opened.connection, Filters(since="2020-01", until="2020-03"))
    assert months.by == "month"
    assert days.by == "day"
    assert sum(row.articles for row in months.spans) > sum(row.articles for row in days.spans) > 0
    assert {row.note for row in days.plot("sample").rows} == {"not collected"}
