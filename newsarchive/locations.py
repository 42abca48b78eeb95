"""Where things are when nobody says: the archive, the site profiles and the remembered contact."""

from __future__ import annotations

import os
from pathlib import Path

ARCHIVE_NAME = "archive.db"


def checkout() -> Path | None:
    """The root of the checkout that this program runs from, or None for an installed package."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "scrapy.cfg").is_file() and (root / "spiders").is_dir() else None


def default_archive() -> Path:
    """`NEWSARCHIVE_ARCHIVE`, else data/archive.db of the checkout, else archive.db in the user's data folder."""
    named = os.environ.get("NEWSARCHIVE_ARCHIVE", "").strip()
    if named:
        return Path(named).expanduser()
    root = checkout()
    if root is not None:
        return _short(root / "data" / ARCHIVE_NAME)
    from platformdirs import user_data_path

    return user_data_path("newsarchive", appauthor=False) / ARCHIVE_NAME


def default_sites() -> Path:
    """The folder of the site profiles: `NEWSARCHIVE_SITES`, else data/sites of the checkout, else sites in the user's data folder."""
    named = os.environ.get("NEWSARCHIVE_SITES", "").strip()
    if named:
        return Path(named).expanduser()
    root = checkout()
    if root is not None:
        return _short(root / "data" / "sites")
    from platformdirs import user_data_path

    return user_data_path("newsarchive", appauthor=False) / "sites"


def nightly_file() -> Path:
    """The configuration of the unattended crawl: `NEWSARCHIVE_NIGHTLY`, else nightly.toml beside the folder of the site profiles."""
    named = os.environ.get("NEWSARCHIVE_NIGHTLY", "").strip()
    return Path(named).expanduser() if named else default_sites().with_name("nightly.toml")


def contact_file() -> Path:
    """Where the contact is remembered: a file of one line in the user's configuration folder."""
    from platformdirs import user_config_path

    return user_config_path("newsarchive", appauthor=False) / "contact"


def _short(path: Path) -> Path:
    """The path as a person would type it from here."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):
        return path
