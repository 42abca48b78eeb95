"""The web page in a real browser: the system's chromium, driven by Playwright; nothing is downloaded, nothing leaves the machine."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hostile_archive import make_hostile

from newsarchive.crawl.browser import executable, missing_part

WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 740}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests of the browser where none is installed: `make test` needs nothing but Python. `.ci/run` installs it."""
    if missing_part() is None:
        return
    left_out = [item for item in items if item.get_closest_marker("needs_browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def environment(home: Path) -> dict[str, str]:
    """A home of its own, so that no remembered contact or archive of the user plays a part."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "share")}


def newsarchive(home: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "newsarchive", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment(home))
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def served(archive: Path) -> Iterator[str]:
    """`newsarchive serve` in a process of its own; its address without the last slash."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsarchive", "serve", str(archive), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(archive.parent),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http://")).rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo newspaper, crawled twice: its second edition changed and removed articles. Made once, whoever of several processes asks."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-newspaper"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for _ in range(2):
                newsarchive(folder, "crawl", "--demo", "--revisit", "now", "--archive", str(folder / "archive.db"), "--quiet")
            (folder / "done").touch()
    return folder / "archive.db"


@pytest.fixture(scope="session")
def demo(demo_archive: Path) -> Iterator[str]:
    with served(demo_archive) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "archive.db"
    make_hostile(path)
    return path


@pytest.fixture(scope="session")
def hostile(hostile_archive: Path) -> Iterator[str]:
    with served(hostile_archive) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield found
        found.close()


@dataclass
class Seen:
    """What a browser noticed."""

    hosts: set[str] = field(default_factory=set)
    """Hosts of all requests."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, faults of scripts, dialogs."""

    def watch(self, context: Any) -> None:
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or request.url[:40]))
        context.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def watched(browser: Any, **options: Any) -> Iterator[tuple[Any, Seen]]:
    """A page of a new context; what it noticed."""
    context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
    context.set_default_timeout(10_000)
    seen = Seen()
    seen.watch(context)
    try:
        yield context.new_page(), seen
    finally:
        context.close()


def follow(page: Any, action: Callable[[], Any]) -> None:
    """Do what leads to another page, and wait until that is there."""
    with page.expect_navigation():
        action()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page whose test fails when the browser complained, or asked any other machine for anything."""
    with watched(browser) as (page, seen):
        yield page
    assert seen.complaints == []
    assert seen.hosts <= {"127.0.0.1"}
