"""Health of the demo newspaper, measured by real crawls of paper after paper, with breakages served by the server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Crawler
from demo_nights import BREAKAGES, SITE, copy_last_night, crawl_night

from newsarchive.errors import ExitCode
from newsarchive.nightly.judging import MIN_NIGHTS

SHORT = ("selector drift", "consent wall", "soft 404")
"""Kinds that are tried in the short form; the long one tries all twelve."""


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory):
    """Two nights as they were crawled; the second is put into the archive for each night before it, too."""
    home = tmp_path_factory.mktemp("two")
    for night in range(2):
        report = crawl_night(home / "archive.db", home, night)
        assert not report.raised
        assert report.learning == [SITE]
    copy_last_night(home / "archive.db", MIN_NIGHTS)
    return home


@pytest.fixture(scope="module")
def all_nights(tmp_path_factory):
    """Every night crawled."""
    home = tmp_path_factory.mktemp("all")
    for night in range(MIN_NIGHTS + 3):
        report = crawl_night(home / "archive.db", home, night)
        assert not report.raised, [alarm.sentence for alarm in report.raised]
    return home


def broken_night(before: Path, folder: Path, kind: str, night: int):
    archive = folder / "archive.db"
    shutil.copy(before / "archive.db", archive)
    broken, fields = BREAKAGES[kind]
    return archive, crawl_night(archive, folder, night, broken), set(fields)


def assert_it_is_told(crawler, report, fields):
    raised = {alarm.field: alarm for alarm in report.raised}
    assert fields & set(raised), sorted(raised)
    alarm = raised[next(iter(fields & set(raised)))]
    assert 1 <= len(alarm.examples) <= 3
    assert all(address.startswith("http://demo-news.example/") for address in alarm.examples)
    assert alarm.command.startswith("newsarchive ")
    told = crawler.run("health", "--json", "--archive", str(crawler.archive))
    assert told.code == ExitCode.HEALTH_ALARM
    assert {item["field"] for item in json.loads(told.out)["alarms"]} == set(raised)


@pytest.mark.parametrize("kind", SHORT)
def test_a_breakage_is_noticed_on_its_first_night_with_its_field_and_pages(two_nights, tmp_path, kind):
    crawler = Crawler(tmp_path)
    _, report, fields = broken_night(two_nights, tmp_path, kind, 2)
    assert_it_is_told(crawler, report, fields)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("kind", BREAKAGES)
def test_every_breakage_is_noticed_after_nights_that_were_all_crawled(all_nights, tmp_path, kind):
    crawler = Crawler(tmp_path)
    archive, report, fields = broken_night(all_nights, tmp_path, kind, MIN_NIGHTS + 3)
    assert_it_is_told(crawler, report, fields)
    after = crawl_night(archive, tmp_path, MIN_NIGHTS + 4)
    assert not after.raised, [alarm.sentence for alarm in after.raised]
    assert fields & {alarm.field for alarm in after.over}
