"""The Makefile: what is typed reaches the program as typed, and a broken set-up repairs itself. Nothing is installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PYTHON = """#!/bin/sh
# Stands for an interpreter: notes how it was called, one line a call, and makes what `-m venv` makes.
printf '%s' "$0" >>"{log}"
for word in "$@"; do printf '\\037%s' "$word" >>"{log}"; done
printf '\\n' >>"{log}"
case "$*" in
  *"import ensurepip"*) exit {has_venv} ;;
  *"version_info"*) exit {is_old} ;;
  *"-m venv --clear"*) rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
  *"--require-hashes"*) exit {pip} ;;
esac
exit 0
"""


class Checkout:
    """A folder with the Makefile, lock files and a pretended interpreter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "calls"
        for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, folder / name)
        self.python()

    def python(self, *, has_venv: int = 0, is_old: int = 0, pip: int = 0) -> None:
        script = self.folder / "fake-python"
        script.write_text(PYTHON.format(log=self.log, has_venv=has_venv, is_old=is_old, pip=pip))
        script.chmod(0o755)

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "NEWSARCHIVE"))}
        command = ["make", *arguments]
        if not any(item.startswith("PYTHON=") for item in arguments):
            command.append(f"PYTHON={self.folder / 'fake-python'}")
        return subprocess.run(
            command,
            cwd=self.folder,
            env=clean | environment,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def calls(self) -> list[list[str]]:
        return [line.split("\x1f")[1:] for line in self.log.read_text().split("\n") if line]


@pytest.fixture
def checkout(tmp_path):
    if shutil.which("make") is None:
        pytest.fail("make is needed: it is how newsarchive is set up")
    return Checkout(tmp_path)


def test_without_a_site_the_demo_newspaper_is_crawled(checkout):
    done = checkout.make("crawl")
    assert done.returncode == 0, done.stderr
    assert checkout.calls()[-1] == ["-m", "newsarchive", "crawl", "--demo", "--revisit", "now", "--archive", "data/archive.db"]


@pytest.mark.parametrize(
    "site",
    [
        "https://example.com",
        "https://example.com/a?b=1&c=2;d",
        "https://example.com/$(touch evil)/`touch evil`/${HOME}/$x/$$",
        "https://example.com/a b'c\"d\\e*",
        "--help",
    ],
)
def test_a_site_reaches_the_program_as_typed(checkout, site):
    contact = "o'hara+$(x)@example.org"
    done = checkout.make("crawl", f"SITE={site}", f"CONTACT={contact}", "MAX=5", "DELAY=0.5", "SINCE=2026-03-01", "ARCHIVE=my news/a.db")
    assert done.returncode == 0, done.stderr
    expected = ["--archive", "my news/a.db", "--contact", contact, "--since", "2026-03-01", "--max", "5", "--delay", "0.5", "--", site]
    assert checkout.calls()[-1] == ["-m", "newsarchive", "crawl", *expected]
    assert not (checkout.folder / "evil").exists()


def test_a_site_of_the_environment_reaches_the_program_as_set(checkout):
    assert checkout.make("crawl", SITE="https://example.com/?a=$b&c").returncode == 0
    assert checkout.calls()[-1][-1] == "https://example.com/?a=$b&c"


def test_the_second_time_nothing_is_installed(checkout):
    checkout.make("setup")
    assert [call[:2] for call in checkout.calls() if call[0] == "-m"] == [["-m", "venv"], ["-m", "pip"], ["-m", "pip"]]
    checkout.make("setup")
    assert [call for call in checkout.calls() if call[0] == "-m"] == []


def test_installs_are_locked_and_ask_nothing(checkout):
    checkout.make("setup")
    locked, project = [call for call in checkout.calls() if call[:2] == ["-m", "pip"]]
    assert {"--require-hashes", "--no-input"} <= set(locked)
    assert {"--no-deps", "--no-build-isolation", "--editable", "--no-input"} <= set(project)


def test_a_new_lock_file_is_installed(checkout):
    checkout.make("setup")
    later = (checkout.folder / ".venv" / ".installed").stat().st_mtime + 10
    os.utime(checkout.folder / "requirements.txt", (later, later))
    checkout.make("setup")
    assert [call[1] for call in checkout.calls() if call[0] == "-m"] == ["pip", "pip"]


def test_a_failed_install_says_so_and_is_made_afresh(checkout):
    checkout.python(pip=1)
    done = checkout.make("setup")
    assert done.returncode != 0
    assert "could not be installed" in done.stderr
    assert (checkout.folder / ".venv.setup").exists()
    checkout.python()
    assert checkout.make("setup").returncode == 0
    assert "venv" in [call[1] for call in checkout.calls() if call[0] == "-m"]
    assert not (checkout.folder / ".venv.setup").exists()


def test_a_killed_set_up_is_made_afresh(checkout):
    checkout.make("setup")
    gone = subprocess.Popen(["true"])
    gone.wait()
    (checkout.folder / ".venv.setup").write_text(str(gone.pid))
    assert checkout.make("crawl").returncode == 0
    assert "venv" in [call[1] for call in checkout.calls() if call[0] == "-m"]


def test_two_set_ups_at_once_do_not_meet(checkout):
    (checkout.folder / ".venv.setup").write_text(str(os.getpid()))
    done = checkout.make("crawl")
    assert done.returncode != 0
    assert f"process {os.getpid()} is setting up .venv at this moment" in done.stderr
    assert checkout.calls() == []


def test_a_moved_checkout_is_set_up_afresh(checkout):
    checkout.make("setup")
    (checkout.folder / ".venv" / ".place").write_text("/somewhere/else")
    checkout.make("setup")
    assert "venv" in [call[1] for call in checkout.calls() if call[0] == "-m"]


def test_a_python_that_is_too_old_is_named(checkout):
    checkout.python(is_old=1)
    done = checkout.make("crawl")
    assert done.returncode != 0
    assert "is no Python 3.11 or newer" in done.stderr
    assert not (checkout.folder / ".venv").exists()


def test_a_python_without_venv_is_named_with_the_cure(checkout):
    checkout.python(has_venv=1)
    done = checkout.make("crawl")
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr


def test_no_python_at_all_is_one_sentence(checkout, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "cat", "printf", "rm", "env"):
        (tools / name).symlink_to(shutil.which(name))
    make = shutil.which("make")
    done = subprocess.run(
        [make, "crawl"], cwd=checkout.folder, env={"PATH": str(tools)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "Error: no Python 3.11 or newer was found" in done.stderr


def test_help_names_every_target_a_person_needs(checkout):
    text = checkout.make("help").stdout
    for target in ("crawl", "test", "check", "docs", "lock", "bench", "train", "clean"):
        assert f"make {target} " in text
