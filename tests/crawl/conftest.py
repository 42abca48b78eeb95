from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsarchive.crawl.browser import missing_part


@dataclass
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def outcomes(self) -> dict[str, int]:
        return {name: count for name, count in self.summary["outcomes"].items() if count}


def environment(home: Path) -> dict[str, str]:
    """A home of its own, so that no remembered contact or archive of the user plays a part."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "share")}


class Crawler:
    """Runs `newsarchive` in a process of its own, as a user does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"
        self.extra: dict[str, str] = {}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "newsarchive", *arguments]

    def run(self, *arguments: str, timeout: float = 120) -> Ran:
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=timeout, env=environment(self.folder) | self.extra
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(self.folder) | self.extra,
            start_new_session=True,
        )

    def crawl(self, *urls: str, allow: str | None = None, options: tuple[str, ...] = (), timeout: float = 120) -> Ran:
        return self.run("crawl", *urls, *self.options(allow), *options, timeout=timeout)

    def options(self, allow: str | None = None) -> list[str]:
        return ["--archive", str(self.archive), "--json", "--quiet", *(("--allow-address", allow) if allow else ())]

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def verdicts(self) -> dict[str, str]:
        """Path -> outcome, of the newest run."""
        rows = self.query("SELECT url, outcome FROM outcome WHERE run_id=(SELECT max(id) FROM run)")
        return {url.split("/", 3)[-1]: outcome for url, outcome in rows}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests of the browser where none is installed: `make test` needs nothing but Python. `.ci/run` installs it."""
    if missing_part() is None:
        return
    left_out = [item for item in items if item.get_closest_marker("needs_browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path)
