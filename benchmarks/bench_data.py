"""The bench data: pages with known answers, in the folder that NEWSARCHIVE_BENCH names (docs/reference/extraction-data.md)."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

SETS = ("scrapinghub", "fundus", "wcxb")


@dataclass(frozen=True, slots=True)
class BenchPage:
    """One page with its answer."""

    id: str
    url: str
    path: Path
    bodies: tuple[str, ...]
    """Right answers for the body; none where the page is no article."""
    page_type: str

    @property
    def html(self) -> bytes:
        """The page as stored."""
        return gzip.decompress(self.path.read_bytes())


def bench_folder() -> Path:
    """The folder, or the end of the program with a sentence that says what to set."""
    name = os.environ.get("NEWSARCHIVE_BENCH", "")
    folder = Path(name)
    if not name or not (folder / "score.py").is_file():
        sys.exit("Set NEWSARCHIVE_BENCH to the folder with the bench data; docs/reference/extraction-data.md says what it holds.")
    return folder


def scorer(folder: Path) -> ModuleType:
    """The bench's own scorer as a module."""
    spec = importlib.util.spec_from_file_location("bench_score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder}/score.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bench_pages(folder: Path, *, articles_only: bool) -> Iterator[BenchPage]:
    """The pages of all sets in their order."""
    score = scorer(folder)
    for name in SETS:
        rows = json.loads((folder / name / "ground-truth.json").read_text(encoding="utf-8"))
        answers = score.answers(name)
        for key, row in rows.items():
            answer = answers[key]
            if articles_only and answer["page_type"] != "article":
                continue
            bodies = tuple(dict.fromkeys(body for body in answer["bodies"] if body))
            yield BenchPage(f"{name}/{key}", row["url"], folder / name / "html" / f"{key}.html.gz", bodies, answer["page_type"])
