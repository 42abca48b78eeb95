"""What importing the package loads."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("scrapy", "twisted", "sqlite3", "sqlite_utils", "trafilatura", "lxml", "rich", "numpy")


def loaded_after(statement: str) -> set[str]:
    """Names of all modules in a fresh interpreter after a statement."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import newsarchive").isdisjoint(HEAVY)


def test_extracting_loads_neither_scrapy_nor_sqlite():
    loaded = loaded_after("from newsarchive import extract, explain, Article, Page, NotAnArticle, UnreadablePage")
    assert loaded.isdisjoint({"scrapy", "twisted", "sqlite3", "sqlite_utils"})


def test_showing_the_help_loads_nothing_heavy():
    statement = "from newsarchive.cli.main import run; run(['--help']); run(['crawl', '--help'])"
    assert loaded_after(statement).isdisjoint(HEAVY)


def test_every_public_name_can_be_had():
    import newsarchive

    for name in newsarchive.__all__:
        assert getattr(newsarchive, name) is not None
