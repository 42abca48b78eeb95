"""A whole night of the demo newspaper, as a scheduler starts it: everybody is told, what fails fails nothing, no secret is written."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing

import lxml.html
from listeners import HttpListener, closed_port

from newsarchive.demo.server import DemoServer

SECRET = "hook-secret-4711"
CONFIG = """
[report]
folder = "{folder}/reports"

[notify.hook]
kind = "webhook"
url = "{hook}/${{NIGHT_HOOK}}"
secret = "${{NIGHT_HOOK}}"
when = "always"

[notify.check]
kind = "ping"
url = "{hook}/ping/${{NIGHT_HOOK}}"

[notify.mail]
kind = "email"
host = "127.0.0.1"
port = {closed}
security = "none"
sender = "night@press.example"
recipients = ["desk@press.example"]
when = "always"
tries = 1

[notify.metrics]
kind = "prometheus"
path = "{folder}/news.prom"
"""


def test_everybody_is_told_and_a_deaf_channel_fails_nothing(tmp_path):
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "demo.toml").write_text(f'domains = ["demo-news.example"]\nstart = ["{DemoServer.origin}"]\n')
    with DemoServer() as demo, HttpListener() as hook, closed_port() as closed:
        config = tmp_path / "nightly.toml"
        config.write_text(CONFIG.format(folder=tmp_path, hook=hook.url("/x").removesuffix("/x"), closed=closed))
        command = [
            sys.executable,
            "-m",
            "newsarchive",
            "run",
            "--archive",
            str(tmp_path / "archive.db"),
            "--sites",
            str(tmp_path / "sites"),
        ]
        command += ["--config", str(config), "--connect-to", demo.connect_to, "--log-format", "json"]
        environment = os.environ | {"NIGHT_HOOK": SECRET, "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]

    told = {request.target.partition("?")[0]: request for request in hook.heard}
    assert set(told) == {f"/{SECRET}", f"/ping/{SECRET}/start", f"/ping/{SECRET}/0"}
    message = json.loads(told[f"/{SECRET}"].body)
    assert message["event"] == "ok"
    assert message["totals"]["stored"] > 30
    assert message["sites"][0]["site"] == "demo"
    assert 0 < message["sites"][0]["coverage"]["title"] <= 1

    assert "newsarchive_run_exit_code 0" in (tmp_path / "news.prom").read_text()
    report = lxml.html.parse(str(tmp_path / "reports" / "run-1.html"))
    assert f"{message['totals']['stored']:,}" in report.getroot().text_content()
    assert not report.xpath("//script")

    with closing(sqlite3.connect(tmp_path / "archive.db")) as connection:
        rows = connection.execute("SELECT detail FROM run_step WHERE name='notify' ORDER BY seq").fetchall()
        dump = "\n".join(connection.iterdump())
    deliveries = [delivery for (detail,) in rows for delivery in json.loads(detail)["deliveries"]]
    assert {(item["name"], item["event"], item["ok"]) for item in deliveries} >= {
        ("hook", "ok", True),
        ("check", "ok", True),
        ("mail", "ok", False),
        ("metrics", "ok", True),
    }
    assert "no mail through 127.0.0.1" in next(item["detail"] for item in deliveries if item["name"] == "mail")

    for text in (done.stdout, done.stderr, dump, (tmp_path / "news.prom").read_text(), (tmp_path / "reports" / "run-1.html").read_text()):
        assert SECRET not in text
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert any(line.get("outcome") == "stored" and line["run"] == 1 and line["site"] == "demo-news.example" for line in lines)
    assert not [char for char in done.stderr if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")]
