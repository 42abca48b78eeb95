"""`newsarchive notify`: a clear answer for every channel, and an exit code that a script can use."""

from __future__ import annotations

import json

import pytest
from listeners import HttpListener

from newsarchive.cli.main import run
from newsarchive.errors import ExitCode

CONFIG = """
[notify.good]
kind = "webhook"
url = "{good}"
when = "failure"

[notify.bad]
kind = "ping"
url = "{bad}"
tries = 1

[notify.metrics]
kind = "prometheus"
path = "{folder}/news.prom"
"""


@pytest.fixture
def config(tmp_path):
    with HttpListener() as good, HttpListener(404, said=b"no such check") as bad:
        file = tmp_path / "nightly.toml"
        file.write_text(CONFIG.format(good=good.url("/hook-1234567"), bad=bad.url("/check-7654321"), folder=tmp_path))
        yield file


def test_each_channel_has_its_line_and_the_code_says_how_many_heard(config, capsys):
    assert run(["notify", "test", "--config", str(config)]) == ExitCode.PARTIAL
    good, bad, metrics = capsys.readouterr().out.splitlines()
    assert good.split() == ["good", "webhook", "told:", "HTTP", "200"]
    assert "FAILED: 127.0.0.1 answered HTTP 404: no such check" in bad
    assert "can be written" in metrics
    assert run(["notify", "test", "good", "metrics", "--config", str(config)]) == ExitCode.OK
    assert run(["notify", "test", "bad", "--config", str(config)]) == ExitCode.UNREACHABLE


def test_json_has_every_delivery_and_no_address(config, capsys):
    assert run(["notify", "test", "--json", "--config", str(config)]) == ExitCode.PARTIAL
    out = capsys.readouterr().out
    assert [(item["name"], item["ok"], item["event"]) for item in json.loads(out)] == [
        ("good", True, "test"),
        ("bad", False, "test"),
        ("metrics", True, "test"),
    ]
    assert "1234567" not in out
    assert "7654321" not in out


def test_the_list_sends_nothing_and_shows_no_address(config, capsys):
    assert run(["notify", "list", "--config", str(config)]) == ExitCode.OK
    out = capsys.readouterr().out
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["good", "webhook", "failure"],
        ["bad", "ping", "always"],
        ["metrics", "prometheus", "always"],
    ]
    assert "http" not in out


def test_what_is_not_there_is_said(config, tmp_path, capsys):
    assert run(["notify", "test", "godo", "--config", str(config)]) == ExitCode.NOT_FOUND
    assert "has no channel 'godo'; there are good, bad, metrics" in capsys.readouterr().err
    (tmp_path / "empty.toml").write_text("")
    assert run(["notify", "test", "--config", str(tmp_path / "empty.toml")]) == ExitCode.CONFIGURATION
    assert "names no channel" in capsys.readouterr().err
    (tmp_path / "wrong.toml").write_text('[notify.x]\nkind = "pigeon"\n')
    assert run(["notify", "list", "--config", str(tmp_path / "wrong.toml")]) == ExitCode.CONFIGURATION
    assert "'pigeon' is no kind" in capsys.readouterr().err
