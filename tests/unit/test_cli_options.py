"""The options table, the contact, the places."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from newsarchive.cli.seeds import checked_seeds
from newsarchive.errors import ConfigurationError, InvalidUrl
from newsarchive.model.run import CrawlPlan
from newsarchive.options import CRAWL_OPTIONS, parse, parse_contact, parse_date, parse_named

OPTIONS = {option.name: option for option in CRAWL_OPTIONS}


def test_every_option_is_a_field_of_the_plan():
    assert set(OPTIONS) <= {item.name for item in fields(CrawlPlan)}


@pytest.mark.parametrize(
    "contact", ["you@example.org", "first.last+news@sub.example.co.uk", "https://example.org/crawler", "mailto:you@example.org"]
)
def test_contacts(contact):
    assert parse_contact(f" {contact} ") == contact.removeprefix("mailto:")


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "you",
        "you@example",
        "http://localhost",
        "a@b.c\r\nX: 1",
        "a b@example.org",
        "you@exämple.org",
        "x" * 300 + "@example.org",
        "ftp://example.org",
    ],
)
def test_what_is_no_contact_is_refused(contact):
    with pytest.raises(ConfigurationError, match=r"you@example\.org"):
        parse_contact(contact)


@pytest.mark.parametrize(("text", "day"), [("2026-03-01", date(2026, 3, 1)), ("2026-03", date(2026, 3, 1)), ("2026", date(2026, 1, 1))])
def test_dates(text, day):
    assert parse_date(text, name="--since") == day


@pytest.mark.parametrize("text", ["", "2026-13-01", "2026-02-30", "01.03.2026", "0000-01-01", "20260301"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ConfigurationError, match="--since"):
        parse_date(text, name="--since")


def test_spider_arguments_are_options_by_name():
    assert parse_named({"max_pages": "5", "delay_seconds": "0.5", "allow_addresses": "a:1 b:2", "revisit": "now"}) == {
        "max_pages": 5,
        "delay_seconds": 0.5,
        "allow_addresses": ("a:1", "b:2"),
        "revisit": "now",
    }


def test_an_unknown_spider_argument_names_the_nearest():
    with pytest.raises(ConfigurationError, match="did you mean 'max_pages'"):
        parse_named({"max_page": "5"})


def test_a_path_may_start_at_home():
    assert parse(OPTIONS["archive"], "~/news.db") == Path("~/news.db").expanduser()


@pytest.mark.parametrize("text", ["", "a\0b"])
def test_an_empty_path_is_refused(text):
    with pytest.raises(ConfigurationError, match="--archive"):
        parse(OPTIONS["archive"], text)


@pytest.mark.parametrize(
    ("typed", "seed"),
    [
        ("example.com", "https://example.com/"),
        ("example.com/politics", "https://example.com/politics"),
        ("HTTP://Example.COM:80/a?utm_source=x&b=1", "http://example.com/a?b=1"),
        ("https://example.com/$(rm)?a=1&b=$HOME", "https://example.com/$(rm)?a=1&b=$HOME"),
    ],
)
def test_seeds_are_normalised(typed, seed):
    assert checked_seeds([typed, typed]) == [seed]


@pytest.mark.parametrize(
    "typed", ["", " ", "ftp://example.com", "javascript:alert(1)", "/etc/passwd", "https://", "https://a b", "https://exa<mple.com/"]
)
def test_what_is_no_seed_is_refused(typed):
    with pytest.raises(InvalidUrl, match=r"https://example\.com"):
        checked_seeds([typed])


def test_two_addresses_in_one_argument_are_pointed_out():
    with pytest.raises(InvalidUrl, match="separate arguments"):
        checked_seeds(["https://a.example https://b.example"])


def test_the_environment_names_the_archive(monkeypatch, tmp_path):
    from newsarchive.locations import default_archive

    monkeypatch.setenv("NEWSARCHIVE_ARCHIVE", str(tmp_path / "x.db"))
    assert default_archive() == tmp_path / "x.db"


def test_a_checkout_keeps_its_archive_in_data(monkeypatch):
    from newsarchive.locations import checkout, default_archive

    monkeypatch.delenv("NEWSARCHIVE_ARCHIVE", raising=False)
    root = checkout()
    if root is None:
        assert default_archive().name == "archive.db"
    else:
        monkeypatch.chdir(root)
        assert default_archive() == Path("data/archive.db")


class TestContact:
    """Where the contact of a crawl comes from."""

    @pytest.fixture(autouse=True)
    def elsewhere(self, monkeypatch, tmp_path):
        monkeypatch.delenv("NEWSARCHIVE_CONTACT", raising=False)
        monkeypatch.setattr("newsarchive.cli.contact.contact_file", lambda: tmp_path / "config" / "contact")

    def plan(self, **values):
        return CrawlPlan(**({"seeds": ["https://example.com/"], "archive": Path("x.db")} | values))

    def test_nobody_is_asked_without_a_terminal(self):
        from newsarchive.cli.contact import contact_for

        assert contact_for(self.plan()) is None

    def test_the_environment_is_used(self, monkeypatch):
        from newsarchive.cli.contact import contact_for

        monkeypatch.setenv("NEWSARCHIVE_CONTACT", "env@example.org")
        assert contact_for(self.plan()) == "env@example.org"
        assert contact_for(self.plan(contact="given@example.org")) == "given@example.org"

    def test_it_is_asked_for_once_and_remembered(self, monkeypatch, tmp_path):
        from newsarchive.cli import contact

        answers = iter(["nonsense", "me@example.org"])
        monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": staticmethod(lambda: True)})())
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        monkeypatch.setattr("click.prompt", lambda *args, **kwargs: next(answers))
        assert contact.contact_for(self.plan()) == "me@example.org"
        assert (tmp_path / "config" / "contact").read_text() == "me@example.org\n"
        assert contact.contact_for(self.plan()) == "me@example.org"

    def test_a_remembered_one_that_was_damaged_is_named(self, tmp_path):
        from newsarchive.cli.contact import known_contact

        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "contact").write_text("\x1b[2J")
        with pytest.raises(ConfigurationError, match="no e-mail address"):
            known_contact()
