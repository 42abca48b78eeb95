"""The generated references say what the program says, and the links of the docs lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from newsarchive.archive.store import Store

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/*.md")])


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_references_are_up_to_date():
    # In a process of its own: click keeps the help option of whatever asked for a command's help first.
    done = subprocess.run([sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_field_has_its_meaning(generate):
    for name, module, _ in generate.DATACLASSES:
        notes = dict(generate._field_notes(module, name))
        missing = [item.name for item in fields(getattr(module, name)) if item.name not in notes]
        assert not missing, f"{name}: write a docstring below {', '.join(missing)}"


def test_every_outcome_has_its_words():
    from newsarchive.model.outcome import ARTICLES, WORDS, Outcome

    assert set(Outcome) - ARTICLES == set(WORDS)


def test_every_exit_code_has_its_meaning():
    from newsarchive.errors import ExitCode

    assert all(code.meaning.endswith(".") for code in ExitCode)


def heading_anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_the_docs_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        place, _, anchor = target.partition("#")
        linked = (page.parent / place).resolve() if place else page
        assert linked.exists(), f"{page.relative_to(ROOT)} links to {target}"
        if anchor:
            assert anchor in heading_anchors(linked.read_text(encoding="utf-8")), f"{page.relative_to(ROOT)} links to {target}"


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"):
        assert f"({path.name})" in index, f"docs/decisions/README.md does not list {path.name}"


def commands_of(page: Path) -> list[str]:
    """The lines that start with `newsarchive` or `make` in the shell examples of a page."""
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"(\.venv/bin/)?newsarchive |make ", line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_the_docs_exist(page):
    """Every example parses: the command and its options exist, make's targets too."""
    import shlex

    import click

    from newsarchive.cli.main import COMMANDS, group

    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in commands_of(page):
        words = shlex.split(line, comments=True)
        words = words[: next((number for number, word in enumerate(words) if word in ("|", ">", "&&", ";")), len(words))]
        if words[0] == "make":
            assert words[1].split("=")[0] in targets, f"{page.name}: {line}"
            continue
        if words[1].startswith("-"):
            continue
        assert words[1] in COMMANDS, f"{page.name}: {line}"
        command = group.get_command(click.Context(group), words[1])
        command.make_context(words[1], words[2:], resilient_parsing=False) if "--help" not in words else None


def test_every_setting_has_its_reason_and_no_reason_is_left_over(generate):
    names = {name for name in vars(generate.settings) if name.isupper()}
    assert set(generate.REASONS) == names, "docs/setting_reasons.py names each setting of newsarchive/settings.py once"


PYTHON_EXAMPLES = [
    (page, code) for page in PAGES for code in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "code"), PYTHON_EXAMPLES, ids=lambda value: value.name if isinstance(value, Path) else "code")
def test_python_examples_of_the_docs_run(page, code, capsys, monkeypatch, tmp_path):
    """Each example is a program; `html_bytes` stands for a page that was fetched, data/archive.db for an archive."""
    paragraph = "The ferry sails again from Monday, three weeks after a storm tore off its ramp at the northern pier."
    html = (
        f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>{paragraph}</p><p>{paragraph}</p></article></body></html>"
    )
    monkeypatch.chdir(tmp_path)
    Store(tmp_path / "data" / "archive.db").close()
    exec(compile(code, str(page), "exec"), {"html_bytes": html.encode()})
    assert capsys.readouterr().out or "print" not in code
