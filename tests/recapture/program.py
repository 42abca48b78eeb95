"""The command line in a process of its own, as a user runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsarchive.archive.dump import canonical_dump


@dataclass
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        assert self.code == 0, self.err
        return json.loads(self.out)


class Program:
    """`newsarchive` with a home and an archive of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
        home = str(self.folder)
        return {
            **kept,
            "HOME": home,
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_DATA_HOME": f"{home}/share",
            "NEWSARCHIVE_SITES": f"{home}/sites",
        }

    def run(self, *arguments: object, timeout: float = 120) -> Ran:
        command = [sys.executable, "-m", "newsarchive", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=self.environment)
        return Ran(done.returncode, done.stdout, done.stderr)

    def take_in(self, *arguments: object) -> dict[str, Any]:
        return self.run("import", *arguments, "--archive", self.archive, "--json", "--workers", 1).report

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()


def record(archive: Path) -> list[str]:
    """What an archive holds of pages, without the runs that brought it there."""
    kept = []
    for line in canonical_dump(archive):
        table, _, text = line.partition(" ")
        if table in ("article", "article_revision", "cluster", "placement", "raw", "teaser", "url_alias"):
            values = json.loads(text)
            values.pop("run_id", None)
            kept.append(f"{table} {json.dumps(values, sort_keys=True, ensure_ascii=False)}")
    return sorted(set(kept))
