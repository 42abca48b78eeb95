"""Write the references in docs/reference from the program itself; with --check only say whether they are up to date.

`make docs` runs this; tests/unit/test_packaging_docs.py checks it.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from types import ModuleType

import click

from newsarchive import settings
from newsarchive.archive.schema_reference import schema_page
from newsarchive.cli.main import COMMANDS, group
from newsarchive.errors import ExitCode
from newsarchive.model import article, extraction, outcome, page, run, teaser
from newsarchive.options import CRAWL_OPTIONS, ENVIRONMENT, OBEYABLE
from newsarchive.sites import profile
from newsarchive.sites.check import SELECTABLE
from newsarchive.sites.values import RESERVED_HEADERS

sys.path.insert(0, str(Path(__file__).parent))
from setting_reasons import REASONS

REFERENCE = Path(__file__).parent / "reference"
HELP_WIDTH = 100
"""Characters of a line of help in the reference, whatever the terminal of the person who runs this."""
REPAIR = "make docs"
MADE = "<!-- Made by docs/generate.py from the program; change that, then run: make docs -->"

DATACLASSES: tuple[tuple[str, ModuleType, str], ...] = (
    ("Article", article, "What `newsarchive.extract` returns, what the archive stores, what `--json` prints."),
    ("BodyBlock", article, "One entry of `body_blocks`."),
    ("Teaser", teaser, "One entry of `teasers`: what the page promotes next to its own text."),
    ("Extraction", extraction, "What `newsarchive.explain` returns: the article with the account of how it was read."),
    ("Dropped", extraction, "One entry of `Extraction.dropped`."),
    ("FieldCandidate", extraction, "One entry of `Extraction.candidates`."),
    ("Page", page, "The answer to one request."),
    ("CrawlReport", run, "What `newsarchive crawl --json` prints, with `exit_code` beside."),
)


def references() -> dict[Path, str]:
    """Path of each generated page -> what has to stand in it."""
    return {
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "exit-codes.md": exit_codes_page(),
        REFERENCE / "fields.md": fields_page(),
        REFERENCE / "options.md": options_page(),
        REFERENCE / "outcomes.md": outcomes_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "schema.md": _page([MADE, schema_page()]),
        REFERENCE / "site-profile.md": site_profile_page(),
    }


def cli_page() -> str:
    """Every command with its help, as the terminal shows it."""
    parts = [MADE, "# Command line", "`python -m newsarchive` is the same program. Exit codes: [exit-codes.md](exit-codes.md)."]
    parts.append(f"```text\n{_help(group, 'newsarchive')}\n```")
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        parts.append(f"## newsarchive {name}\n\n```text\n{_help(command, f'newsarchive {name}')}\n```")
        for below, inner in command.commands.items() if isinstance(command, click.Group) else ():
            parts.append(f"### newsarchive {name} {below}\n\n```text\n{_help(inner, f'newsarchive {name} {below}')}\n```")
    return _page(parts)


def _help(command: click.Command, path: str) -> str:
    # As the group has it: click keeps the help option of the first context, so without this the page would depend on what ran before.
    names = group.context_settings["help_option_names"]
    with click.Context(
        command, info_name=path, help_option_names=names, terminal_width=HELP_WIDTH, max_content_width=HELP_WIDTH
    ) as context:
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def exit_codes_page() -> str:
    """The table of exit codes."""
    rows = [f"| {code.value} | {code.name.lower().replace('_', ' ')} | {code.meaning} |" for code in ExitCode]
    table = "| code | name | meaning |\n| --- | --- | --- |\n" + "\n".join(rows)
    note = "`make` itself ends with 2 whenever a command under it fails; its last line names the command's own code."
    return _page([MADE, "# Exit codes", "Every `newsarchive` command ends with one of these.", table, note])


def options_page() -> str:
    """The options table and the environment variables."""
    rows = []
    for option in CRAWL_OPTIONS:
        limits = "–".join("" if limit is None else f"{limit:g}" for limit in (option.minimum, option.maximum))
        values = ", ".join(option.choices) or (limits if limits != "–" else "")
        cells = (f"`{option.flag}`", f"`{option.name}`", option.kind, values, option.unit or "", option.default or "", option.help)
        rows.append(f"| {' | '.join(cells)} |")
    table = (
        "| option | spider argument | kind | values | unit | default | meaning |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        + "\n".join(rows)
    )
    variables = "| variable | meaning |\n| --- | --- |\n" + "\n".join(f"| `{item.name}` | {item.help} |" for item in ENVIRONMENT)
    return _page(
        [
            MADE,
            "# Options of a crawl",
            "Whatever is unknown or mistyped stops the program before the first request.",
            table,
            "# Environment variables",
            variables,
        ]
    )


def outcomes_page() -> str:
    """The verdicts that a URL of a run can get."""
    families = (
        ("stored", outcome.ARTICLES),
        ("led on", outcome.LISTS),
        ("rejected", outcome.REJECTED),
        ("lost", outcome.LOST),
        ("failed", outcome.FAILED),
    )
    from newsarchive.cli.summary import WORDS

    rows = [
        f"| `{item.value}` | {name} | {WORDS.get(item, item.value)} |"
        for item in outcome.Outcome
        for name, family in families
        if item in family
    ]
    table = "| outcome | row of the summary | meaning |\n| --- | --- | --- |\n" + "\n".join(rows)
    return _page([MADE, "# Outcomes", "Every URL of a run gets exactly one; they stand in the archive's table `outcome`.", table])


def settings_page() -> str:
    """Scrapy's settings as the project sets them, with the reason of each. Raises KeyError for one without a reason."""
    rows = []
    for name in (name for name in vars(settings) if name.isupper()):
        value = getattr(settings, name)
        shown = {"SPIDER_MODULES": "spiders", "USER_AGENT": "newsarchive/VERSION", "CONTACT": "NEWSARCHIVE_CONTACT"}.get(name, value)
        rows.append(f"| `{name}` | `{shown}` | {REASONS[name]} |")
    table = "| setting | value | reason |\n| --- | --- | --- |\n" + "\n".join(rows)
    return _page(
        [MADE, "# Scrapy settings", "`newsarchive crawl` and `scrapy crawl` use the same; site profiles cannot weaken them.", table]
    )


def fields_page() -> str:
    """The field dictionary, from the dataclasses and the docstrings of their fields."""
    parts = [
        MADE,
        "# Field dictionary",
        (
            "The same name in the dataclass, the SQL column, the JSON key and the CSV header. "
            "A field the page does not state is null or empty, never guessed."
        ),
    ]
    for name, module, sentence in DATACLASSES:
        kind = getattr(module, name)
        notes = dict(_field_notes(module, name))
        rows = []
        for item in fields(kind):
            needed = item.default is MISSING and item.default_factory is MISSING and item.init
            text = notes.get(item.name, "").replace("|", "\\|")
            rows.append(f"| `{item.name}` | `{str(item.type).replace('|', chr(92) + '|')}` | {'always' if needed else ''} | {text} |")
        table = "| field | type | set | meaning |\n| --- | --- | --- | --- |\n" + "\n".join(rows)
        parts.append(f"## {name}\n\n{sentence}\n\n{table}")
    return _page(parts)


PROFILE_TYPES = {
    "str": "text",
    "str | None": "text",
    "bool": "`true` or `false`",
    "int | None": "number",
    "float | None": "number",
    "date": "date",
    "tuple[str, ...]": "list of texts",
    "tuple[str, ...] | None": "list of texts",
    "tuple[timedelta, ...] | None": "list of intervals",
    "Mapping[str, str]": "table of texts",
    "Mapping[str, tuple[str, ...]]": "table: text or list of texts",
    "Mapping[str, tuple[str, ...]] | None": "table: text or list of texts",
    "Login | None": "table",
    "tuple[Era, ...]": "list of tables",
}
"""Python type of a profile's field -> how it is written in TOML."""


def site_profile_page() -> str:
    """The keys of a site profile, with the fields that selectors can name and the form of the smaller values."""
    sentences = {
        "SiteProfile": ("Site profile", "One file a site, `data/sites/NAME.toml`; only `domains` is needed. Unknown keys are errors."),
        "Login": ("[login]", "A form that is sent once at the start of a crawl."),
        "Era": ("[[eras]]", "A former design of the site. A key that is left out is as in the profile."),
    }
    parts = [MADE]
    for name, (title, sentence) in sentences.items():
        notes = dict(_field_notes(profile, name))
        rows = [
            f"| `{item.name}` | {PROFILE_TYPES[str(item.type)]} | {notes.get(item.name, '').replace('|', chr(92) + '|')} |"
            for item in fields(getattr(profile, name))
            if item.name != "path"
        ]
        table = "| key | written as | meaning |\n| --- | --- | --- |\n" + "\n".join(rows)
        parts.append(f"{'#' if name == 'SiteProfile' else '##'} {title}\n\n{sentence}\n\n{table}")
    parts.append("## [selectors]\n\nFields that can be named: " + ", ".join(f"`{name}`" for name in SELECTABLE) + ".")
    parts.append(
        f"## obey\n\nSignals that can be named: {', '.join(f'`{name}`' for name in OBEYABLE)}. The last three are obeyed in any case."
    )
    rows = [f"| `{name}` | {reason} |" for name, reason in RESERVED_HEADERS.items()]
    table = "| header | why |\n| --- | --- |\n" + "\n".join(rows)
    parts.append(f"## Headers that a profile cannot set\n\n{table}")
    return _page(parts)


def _field_notes(module: ModuleType, name: str) -> Iterator[tuple[str, str]]:
    """Field -> the docstring below it in the source."""
    tree = ast.parse(inspect.getsource(module))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    for statement, following in zip(body, [*body[1:], None], strict=True):
        note = following.value if isinstance(following, ast.Expr) else None
        is_field = isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if is_field and isinstance(note, ast.Constant) and isinstance(note.value, str):
            yield statement.target.id, " ".join(note.value.split())


def _page(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


def outdated() -> list[Path]:
    """The generated pages that are missing or not what the program says."""
    return [path for path, text in references().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> None:
    """Write the pages, or with --check end with 1 when one is not up to date."""
    stale = outdated()
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(REFERENCE.parent.parent)} is not up to date; repair with: {REPAIR}")
        sys.exit(bool(stale))
    pages = references()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path], encoding="utf-8")
        print(f"wrote {path.relative_to(REFERENCE.parent.parent)}")


if __name__ == "__main__":
    main()
