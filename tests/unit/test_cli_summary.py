"""The summary and the progress of a crawl."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsarchive.cli.progress import PlainProgress, duration, live_table, plain_line
from newsarchive.cli.summary import exit_code_of, report_record, summary_lines
from newsarchive.errors import ExitCode
from newsarchive.model.outcome import FAILED, LISTS, LOST, REJECTED, Outcome
from newsarchive.model.run import CrawlReport, Progress


def report(**values):
    defaults = {"run_id": "r", "archive": Path("data/archive.db"), "seconds": 3.21, "seeds": 1}
    return CrawlReport(**(defaults | values))


def test_the_summary_names_every_outcome_once():
    lines = summary_lines(report(outcomes=dict.fromkeys(Outcome, 1), new_revisions=1, articles_in_archive=2))
    text = "\n".join(lines)
    assert f"{len(Outcome)} addresses" in lines[0]
    rows = {match[1]: int(match[2]) for match in re.finditer(r"^  (\S+(?: \S+)?) +(\d+)", text, re.MULTILINE)}
    assert rows["stored"] == rows["updated"] == rows["unchanged"] == 1
    assert rows["rejected"] == len(REJECTED)
    assert rows["failed"] == len(FAILED)
    assert rows["lost"] == len(LOST)
    assert rows["led on"] == len(LISTS)
    assert "1 older version kept" in text
    assert text.endswith("Archive: data/archive.db (2 articles)")


def test_details_are_named_the_most_frequent_first():
    lines = summary_lines(
        report(
            outcomes={Outcome.HTTP_4XX: 6},
            details={Outcome.HTTP_4XX: {"HTTP 404": 4, "HTTP 410": 2}},
        )
    )
    assert any(line == "                6  refused by the server (4xx): HTTP 404 4, HTTP 410 2" for line in lines)


def test_a_second_crawl_says_that_nothing_was_stored_twice():
    lines = summary_lines(report(outcomes={Outcome.UNCHANGED: 12}))
    assert "  stored        0  new articles" in lines
    assert "  unchanged    12  known already, nothing stored twice" in lines


def test_hostile_details_cannot_forge_a_row():
    lines = summary_lines(report(outcomes={Outcome.ERROR: 1}, details={Outcome.ERROR: {"x\n  stored 999\x1b[31m": 1}}, notes=["a\nb"]))
    assert all("\n" not in line and "\x1b" not in line for line in lines)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, ExitCode.OK),
        ({"end": "max_pages"}, ExitCode.OK),
        ({"end": "interrupted"}, ExitCode.INTERRUPTED),
        ({"end": "failed"}, ExitCode.INTERNAL),
        ({"seeds": 2, "seeds_failed": ["https://a.example/: name not found"]}, ExitCode.PARTIAL),
        ({"seeds": 1, "seeds_failed": ["https://a.example/: name not found"]}, ExitCode.UNREACHABLE),
    ],
)
def test_the_exit_code_follows_the_report(values, code):
    assert exit_code_of(report(**values)) is code


def test_the_json_report_is_plain_data():
    record = report_record(report(outcomes={Outcome.STORED: 2}, details={Outcome.STORED: {"": 2}}))
    assert record["outcomes"] == {"stored": 2}
    assert record["archive"] == "data/archive.db"
    assert record["exit_code"] == 0


def test_a_plain_line_has_the_numbers_and_the_hosts():
    line = plain_line(Progress(found=9, fetched=5, stored=3, waiting=4, hosts=["a.example", "b.example"], pages_per_second=1.25, seconds=7))
    assert line == "[    7 s] found 9, fetched 5, stored 3, waiting 4, 1.2 pages/s, at a.example, b.example"


def test_plain_lines_come_every_few_seconds(capsys):
    show = PlainProgress()
    for second in (0.0, 1.0, 4.9, 5.0, 9.0, 10.5):
        show(Progress(seconds=second, found=int(second)))
    assert [line.split("found ")[1].split(",")[0] for line in capsys.readouterr().err.splitlines()] == ["0", "5", "10"]


def test_a_reader_that_went_away_does_not_stop_the_crawl(monkeypatch):
    def broken(*args, **kwargs):
        raise BrokenPipeError

    monkeypatch.setattr("newsarchive.cli.progress.say", broken)
    show = PlainProgress()
    show(Progress(seconds=0))
    show(Progress(seconds=100))


def test_the_live_table_names_a_few_hosts_and_counts_the_rest():
    from rich.console import Console

    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - closed with the console
    with console.file:
        console.print(live_table(Progress(found=1, hosts=[f"h{number}.example" for number in range(6)])))
        assert "h0.example, h1.example, h2.example, h3.example and 2 more" in console.export_text()


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 01 s"), (3600 * 2 + 180, "2 h 03 min")])
def test_durations_are_written_for_people(seconds, text):
    assert duration(seconds) == text
