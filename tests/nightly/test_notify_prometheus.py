"""The file for Prometheus' textfile collector: in its format, never half written, and the last success outlives failures."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from datetime import timedelta

from notices import ALARMING, FAILED, GOOD, HOSTILE, ODD, TEST

from newsarchive.nightly.channels import read_channels
from newsarchive.nightly.notify import tell
from newsarchive.nightly.notify_prometheus import exposition

SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$')


def told(path, notice=GOOD):
    channels = read_channels({"metrics": {"kind": "prometheus", "path": str(path)}})
    return tell(notice, channels, environment={})[0]


def test_every_line_is_in_the_format_and_every_metric_once():
    for notice in (GOOD, ALARMING, FAILED, ODD):
        text = exposition(notice, 1.5)
        assert text.endswith("\n")
        names = re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE)
        assert len(names) == len(set(names))
        assert re.findall(r"^# HELP (\S+) ", text, re.MULTILINE) == names
        samples = [line for line in text.splitlines() if not line.startswith("#")]
        assert all(SAMPLE.match(line) for line in samples)
        keys = [line.rpartition(" ")[0] for line in samples]
        assert len(keys) == len(set(keys))
        blocks = [re.match(r"[a-z_]+", line)[0] for line in samples]
        assert list(dict.fromkeys(blocks)) == [name for name in names if name in blocks]


def test_figures_are_those_of_the_night(tmp_path):
    path = tmp_path / "newsarchive.prom"
    assert told(path, ALARMING).ok
    text = path.read_text()
    for line in (
        "newsarchive_run_exit_code 19",
        "newsarchive_run_duration_seconds 2520",
        'newsarchive_site_articles{site="ferrytimes.example",result="stored"} 12',
        'newsarchive_site_coverage_ratio{site="ferrytimes.example",field="date_published"} 0.75',
        'newsarchive_site_alarm{site="ferrytimes.example",field="authors"} 1',
        "newsarchive_archive_articles 812",
    ):
        assert line in text.splitlines()
    assert 'field="authors"} 0' not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_the_last_success_outlives_failures(tmp_path):
    path = tmp_path / "newsarchive.prom"
    assert told(path, FAILED).ok
    assert "last_success" not in path.read_text()
    assert told(path, GOOD).ok
    good = GOOD.finished_at.timestamp()
    later = replace(FAILED, finished_at=GOOD.finished_at + timedelta(days=1))
    for _ in range(2):
        assert told(path, later).ok
        assert f"newsarchive_last_success_timestamp_seconds {good:.0f}" in path.read_text()
        assert f"newsarchive_last_run_timestamp_seconds {good + 86400:.0f}" in path.read_text()


def test_nothing_half_written_is_left(tmp_path):
    path = tmp_path / "newsarchive.prom"
    assert told(path).ok
    assert [file.name for file in tmp_path.iterdir()] == ["newsarchive.prom"]
    delivery = told(tmp_path / "none" / "newsarchive.prom")
    assert (delivery.ok, delivery.attempts) == (False, 1)
    assert "cannot be written: No such file" in delivery.detail


def test_a_test_leaves_the_metrics_as_they_are(tmp_path):
    path = tmp_path / "newsarchive.prom"
    path.write_text("newsarchive_run_exit_code 3\n")
    assert told(path, TEST).detail == f"{tmp_path} can be written"
    assert path.read_text() == "newsarchive_run_exit_code 3\n"
    assert [file.name for file in tmp_path.iterdir()] == ["newsarchive.prom"]


def test_a_hostile_name_stays_inside_its_label():
    label = re.search(r'newsarchive_site_failed\{site="((?:[^"\\]|\\.)*)"\} 1\n', exposition(ODD, None))[1]
    assert "\n" not in label
    assert "\x1b" not in label
    assert label.startswith("quay\\n")
    assert HOSTILE not in label
