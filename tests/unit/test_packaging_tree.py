"""What must not stand in a tracked file, and what must be there."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
"""Lines of a module; a longer one wants a split, or a sentence in its docstring that says `400 lines` and why not."""

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "the host of a package registry": re.compile(
        r"py[p]i\.org|python[h]osted|registry[.]np[m]js|deb[.]deb[i]an\.org|np[m]mirror", re.IGNORECASE
    ),
    "a path of somebody's machine": re.compile(r"(^|[^A-Za-z0-9_.])/(wor[k]|far[m]|roo[t])/[A-Za-z.]"),
    "somebody's home": re.compile(r"(^|[^A-Za-z0-9_.])/(hom[e]|User[s])/[A-Za-z.]"),
    "a folder that only one machine has": re.compile(r"\.\./share[d]"),
}


@cache
def tracked() -> tuple[Path, ...]:
    """The files under version control; in an unpacked archive, everything that is not made."""
    if shutil.which("git") and (ROOT / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        return tuple(ROOT / name.decode() for name in done.stdout.split(b"\0") if name and (ROOT / name.decode()).is_file())
    made = {
        ".venv",
        "__pycache__",
        "data",
        "build",
        "dist",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".import_linter_cache",
        ".hypothesis",
    }
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names(what):
    found = []
    for path in tracked():
        data = path.read_bytes()
        is_invented = what == "somebody's home" and path.relative_to(ROOT).parts[0] == "tests"
        if is_invented or b"\0" in data[:8000]:
            continue
        text = data.decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {line.strip()[:120]}" for line in text.splitlines() if FORBIDDEN[what].search(line)]
    assert not found, f"{what} stands in " + "; ".join(found[:5])


def test_modules_are_named_after_an_idea_and_stay_short():
    nameless = [path.name for path in tracked() if path.stem in {"utils", "helpers", "common", "misc"} and path.suffix == ".py"]
    assert not nameless
    sources = [
        path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"newsarchive", "spiders", "tests"}
    ]
    long = [str(path.relative_to(ROOT)) for path in sources if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES]
    unexcused = [
        name for name in long if f"{MAX_LINES} lines" not in (ast.get_docstring(ast.parse((ROOT / name).read_text(encoding="utf-8"))) or "")
    ]
    assert not unexcused, f"split {', '.join(unexcused)}, or say in the docstring why not"


def test_no_run_time_file_is_tracked():
    assert [path.name for path in tracked() if path.relative_to(ROOT).parts[0] == "data"] == ["README.md"]


def test_package_inits_hold_a_docstring_only():
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if path.name == "__init__.py" and parts[0] in {"newsarchive", "spiders"} and len(parts) > 2:
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, f"{'/'.join(parts)} holds more than its docstring"
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
