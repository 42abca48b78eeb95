"""The contact of a crawl: given, set in the environment, remembered, or asked for once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from newsarchive.cli.terminal import say
from newsarchive.errors import ConfigurationError
from newsarchive.locations import contact_file
from newsarchive.options import parse_contact

if TYPE_CHECKING:
    from newsarchive.model.run import CrawlPlan


def contact_for(plan: CrawlPlan) -> str | None:
    """The contact that goes with this plan: its own, else the known one, else the one asked for on a terminal.

    None where none is needed, or nobody can be asked; the crawl then says what is missing.
    """
    from newsarchive.crawl.contact import is_local

    contact = plan.contact or known_contact()
    if contact is None and not is_local(plan) and sys.stdin.isatty() and sys.stderr.isatty():
        contact = _asked()
    return contact


def known_contact() -> str | None:
    """The contact of the environment, else the remembered one, else None. Raises ConfigurationError for one that is not valid."""
    named = os.environ.get("NEWSARCHIVE_CONTACT", "").strip()
    if named:
        return parse_contact(named)
    try:
        remembered = contact_file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return parse_contact(remembered) if remembered else None


def _asked() -> str:
    """The contact a person types; asked again until it is one, then remembered."""
    say("Publishers want to know who crawls their site. Your e-mail address or web page goes into the user agent.", error=True)
    while True:
        typed = click.prompt("Contact", err=True)
        try:
            contact = parse_contact(typed)
        except ConfigurationError as error:
            say(str(error), error=True)
        else:
            _remember(contact)
            return contact


def _remember(contact: str) -> None:
    place = contact_file()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(contact + "\n", encoding="utf-8")
    except OSError as error:
        say(f"The contact could not be remembered ({error.strerror}: {place}); it is used for this crawl.", error=True)
    else:
        say(f"Remembered in {place}.", error=True)
