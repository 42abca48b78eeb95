"""`newsarchive doctor`: look at this installation and this archive, without the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import one_line, say_json
from newsarchive.errors import ExitCode, NewsArchiveError
from newsarchive.text import amount

LOW_DISK_BYTES = 500 * 1000 * 1000
"""Below this much free space a warning is given: 9,000 articles, a night of 300 publishers, take 32 to 48 KB each with raw pages."""


EMPTY_PAGES = 3
"""Pages without text in the newest run of a site from which a browser is suggested: one or two are maps and games."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    status: str
    """`ok`, `note` (worth knowing) or `problem` (a crawl would fail)."""
    text: str
    """What was found, and for a problem what to do."""


@click.command("doctor", short_help="Check this installation and the archive.")
@archive_option
@json_option
def command(archive: Path | None, as_json: bool) -> int:
    """Check Python, the packages, SQLite, the archive, the disk, the contact, the spiders and the browser. Nothing is sent to the network.

    Ends with exit code 5 when something was found that would make a crawl fail.

    \b
    Examples:
      newsarchive doctor
      newsarchive doctor --archive /srv/news.db --json
    """
    from newsarchive.locations import default_archive

    findings = list(examine(archive or default_archive()))
    problem = any(finding.status == "problem" for finding in findings)
    if as_json:
        say_json({"ok": not problem, "findings": [asdict(finding) for finding in findings]})
    else:
        colours = {"ok": "green", "note": "yellow", "problem": "red"}
        for finding in findings:
            click.echo(f"{click.style(f'{finding.status:<8}', fg=colours[finding.status])} {finding.name:<13} {one_line(finding.text)}")
    return ExitCode.CONFIGURATION if problem else ExitCode.OK


def examine(archive: Path) -> Iterator[Finding]:
    """All findings. A check that breaks is a finding itself."""
    checks: Sequence[tuple[str, Callable[[], Finding]]] = (
        ("python", _python),
        ("packages", _packages),
        ("sqlite", _sqlite),
        ("spiders", _spiders),
        ("archive", lambda: _archive(archive)),
        ("writer", lambda: _writer(archive)),
        ("disk", lambda: _disk(archive)),
        ("contact", _contact),
        ("browser", lambda: _browser(archive)),
    )
    for name, check in checks:
        try:
            yield check()
        except NewsArchiveError as error:
            yield Finding(name, "problem", str(error))
        except (ImportError, OSError) as error:
            yield Finding(name, "problem", f"{type(error).__name__}: {error}; install again with: make setup")


def _python() -> Finding:
    import platform
    import sys

    text = f"{platform.python_implementation()} {platform.python_version()} at {sys.executable}"
    if sys.version_info >= (3, 12):
        return Finding("python", "note", f"{text}; newsarchive is tested on 3.11 and was tried on 3.12 and 3.13")
    return Finding("python", "ok", text)


def _packages() -> Finding:
    """Whether every package named in our metadata is there in a version of the named range."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in requires("newsarchive") or ()]
    except PackageNotFoundError:
        return Finding("packages", "note", "newsarchive runs from its folder without being installed; make setup installs it")
    wrong, right = [], 0
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if requirement.specifier.contains(found, prereleases=True):
            right += 1
        else:
            wrong.append(f"{requirement.name} {found} is not {requirement.specifier}")
    if wrong:
        return Finding("packages", "problem", f"{', '.join(wrong)}; install again with: make setup")
    return Finding("packages", "ok", f"{right} packages, Scrapy {version('scrapy')}, trafilatura {version('trafilatura')}")


def _sqlite() -> Finding:
    from newsarchive.archive.engine import sqlite_facts

    facts = sqlite_facts()
    if not facts.has_fts5:
        return Finding("sqlite", "problem", f"SQLite {facts.version} without FTS5, the full-text search; use another Python")
    if not facts.is_new_enough:
        return Finding("sqlite", "problem", f"SQLite {facts.version} is older than {facts.minimum}; use a newer Python")
    return Finding("sqlite", "ok", f"SQLite {facts.version} with FTS5")


def _spiders() -> Finding:
    from newsarchive.crawl.spider_names import spider_names

    names = spider_names()
    if not names:
        return Finding("spiders", "problem", "no spiders were found; install again with: make setup")
    return Finding("spiders", "ok", ", ".join(names))


def _archive(archive: Path) -> Finding:
    import os

    from newsarchive.archive.reader import open_archive

    folder = next(parent for parent in archive.absolute().parents if parent.exists())
    if not archive.exists():
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            return Finding("archive", "problem", f"{archive} cannot be made: {folder} cannot be written; name another place with --archive")
        return Finding("archive", "note", f"{archive} does not exist yet; the first crawl makes it")
    with open_archive(archive) as opened:
        articles = opened.stats().articles
    if not os.access(archive, os.W_OK) or not os.access(folder, os.W_OK):
        return Finding("archive", "problem", f"{archive} ({amount(articles, 'article')}) can be read, not written; check its permissions")
    return Finding("archive", "ok", f"{archive} ({amount(articles, 'article')}, {size_text(archive.stat().st_size)})")


def _writer(archive: Path) -> Finding:
    from newsarchive.archive.lock import who_writes

    holder = who_writes(archive)
    return (
        Finding("writer", "note", f"{holder} is writing to the archive")
        if holder
        else Finding("writer", "ok", "nobody is writing to the archive")
    )


def _disk(archive: Path) -> Finding:
    import shutil

    folder = next(parent for parent in archive.absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    text = f"{size_text(free)} free at {folder}"
    return Finding("disk", "note" if free < LOW_DISK_BYTES else "ok", text)


def _browser(archive: Path) -> Finding:
    """Whether pages can be run in a browser, and which sites of the archive seem to need it."""
    from newsarchive.archive.emptiness import empty_hosts
    from newsarchive.crawl.browser import executable, missing_part
    from newsarchive.workers.job import NEEDS_SCRIPTS

    missing = missing_part()
    state = f"{executable()}" if missing is None else f"not installed, which only sites without text need; it takes {missing}"
    hosts = [item for item in empty_hosts(archive, NEEDS_SCRIPTS) if item.empty >= EMPTY_PAGES] if archive.exists() else []
    if not hosts:
        return Finding("browser", "ok", state)
    shown = ", ".join(f"{item.host} ({item.empty} pages)" for item in hosts[:5])
    remedy = "write browser = true into the site's profile (newsarchive sites new DOMAIN)" + (f"; it takes {missing}" if missing else "")
    return Finding("browser", "note", f"pages come without text, as they do where scripts fill them: {shown}; {remedy}")


def _contact() -> Finding:
    from newsarchive.cli.contact import known_contact

    contact = known_contact()
    if contact:
        return Finding("contact", "ok", contact)
    return Finding("contact", "note", "none yet; a public site needs one: --contact you@example.org or NEWSARCHIVE_CONTACT")
