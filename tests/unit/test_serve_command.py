"""`newsarchive serve`: what it prints, how it is stopped, and what it says when it cannot start."""

from __future__ import annotations

import builtins
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing

import httpx
import pytest
from export_samples import make_archive

from newsarchive.cli.main import run
from newsarchive.errors import ExitCode


@pytest.fixture
def archive(tmp_path):
    return make_archive(tmp_path / "archive.db")


@pytest.mark.parametrize("asked_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_answers_there_and_stops_when_asked(archive, asked_to_stop):
    command = [sys.executable, "-m", "newsarchive", "serve", str(archive), "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as server:
        line = server.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        assert "8</b> articles" in httpx.get(address, timeout=20).text
        assert httpx.get(address, headers={"Host": "evil.example"}).status_code == 400
        server.send_signal(asked_to_stop)
        out, errors = server.communicate(timeout=20)
    assert (server.returncode, out, errors) == (ExitCode.OK, "", "")


def test_a_missing_archive_is_said(tmp_path, capsys):
    assert run(["serve", str(tmp_path / "none.db"), "--port", "0"]) == ExitCode.NOT_FOUND
    assert "There is no archive at" in capsys.readouterr().err


def test_a_file_that_is_no_archive_is_said(tmp_path, capsys):
    (tmp_path / "text.db").write_text("no archive, but a text that is longer than the header of one. " * 4)
    assert run(["serve", str(tmp_path / "text.db"), "--port", "0"]) == ExitCode.NOT_AN_ARCHIVE
    assert "not a newsarchive archive" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(archive, capsys):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        assert run(["serve", str(archive), "--port", str(taken.getsockname()[1])]) == ExitCode.CONFIGURATION
    assert "--port" in capsys.readouterr().err


def test_a_host_of_another_machine_is_said(archive, capsys):
    assert run(["serve", str(archive), "--host", "192.0.2.1", "--port", "0"]) == ExitCode.CONFIGURATION
    assert "--host" in capsys.readouterr().err


def test_without_the_extra_the_package_to_install_is_named(archive, capsys, monkeypatch):
    usual = builtins.__import__

    def without(name, *more):
        if name.partition(".")[0] == "datasette":
            raise ModuleNotFoundError("No module named 'datasette'", name="datasette")
        return usual(name, *more)

    for name in [name for name in sys.modules if name.startswith("newsarchive.serve")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    assert run(["serve", str(archive)]) == ExitCode.CONFIGURATION
    assert "-m pip install 'datasette>=0.65,<1.0'" in capsys.readouterr().err
    monkeypatch.setattr("newsarchive.locations.checkout", lambda: None)
    assert run(["serve", str(archive)]) == ExitCode.CONFIGURATION
    assert "pip install 'newsarchive[serve]'" in capsys.readouterr().err
