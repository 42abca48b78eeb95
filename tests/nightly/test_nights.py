"""Nights among hostile hosts, as a scheduler starts them: none crashes or hangs, and every address has one outcome.

The whole month is `python benchmarks/run_nights.py`; here a night of it, and eight with `make check-long`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "benchmarks" / "run_nights.py"
MAX_GROWTH = 0.1
"""Share of its memory by which a process of a night may have grown over the nights judged: less than the noise of two quiet nights."""


def nights(tmp_path: Path, number: int, sites: int) -> tuple[dict, list[dict]]:
    file = tmp_path / "nights.json"
    command = [sys.executable, str(PROGRAM), "--nights", str(number), "--sites", str(sites), "--json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=290)
    assert file.exists(), done.stderr[-3000:]
    record = json.loads(file.read_text())
    found = record["figures"]
    assert done.returncode == 0, found
    assert (found["crashes"], found["hangs"], found["without_outcome"], found["faults"]) == (0, 0, 0, []), found
    return found, record["nights"]


def test_a_night_among_hostile_hosts_loses_no_article_and_no_address(tmp_path):
    found, _ = nights(tmp_path, 1, 10)
    assert found["outcomes"]["stored"] >= 27
    assert {"timeout", "too_large", "unreadable"} & set(found["outcomes"])


@pytest.mark.long
def test_eight_nights_among_hostile_hosts_do_not_grow(tmp_path):
    found, each = nights(tmp_path, 8, 10)
    assert found["outcomes"]["stored"] >= 27 * 8
    for name, memory in found["memory"].items():
        growth = memory["slope_kib_a_night"] * len(each) / 1024
        assert growth < MAX_GROWTH * memory["median_mib"], (name, memory)
