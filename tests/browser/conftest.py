"""The web page in a real browser: the system's chromium, driven by Playwright; nothing is downloaded, nothing leaves the machine."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hostile_archive import make_hostile
from watched_page import watched

from newsarchive.crawl.browser import executable, missing_part


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for one file of tests: as long as it runs, this process has an event loop, and no other test could have its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page whose test fails when the browser complained, or asked any other machine for anything."""
    with watched(browser) as (page, seen):
        yield page
    assert seen.complaints == []
    assert seen.hosts <= {"127.0.0.1"}
