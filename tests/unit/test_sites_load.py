"""A folder of site profiles is checked whole, and every fault is told with file, line, key and the nearest right name."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from newsarchive.errors import ExitCode, NoSuchFile, SiteProfileError
from newsarchive.sites.check import _CHECKS, KEYS
from newsarchive.sites.load import load_default_profiles, load_profiles
from newsarchive.sites.profile import SiteProfile

FULL = r"""
name = "River Courier"
domains = ["rivercourier.example", "courier-archive.example"]
start = ["https://rivercourier.example/", "https://www.rivercourier.example/politics"]
feeds = ["https://feeds.elsewhere.example/courier.xml"]
sitemaps = ["https://rivercourier.example/sitemap.xml.gz"]
article_patterns = ['/\d{4}/\d{2}/[\w-]+\.html$']
listing_patterns = ['/section/']
skip_patterns = ['/horoscope/', '(?:/[\w-]+)+/print$']
drop = [".newsletter-box", "aside.facts"]
timezone = "Europe/Oslo"
delay_seconds = 2.5
concurrency_per_host = 1
contact = "archive@library.example.org"
schedule = "30 2,14 * * mon-fri"
revisit = ["1h", "6h", "1d", "2w"]
proxy = "http://user:${PROXY_PASSWORD}@proxy.example:3128"
browser = true
obey = ["noarchive"]

[selectors]
title = "h1.headline"
body = ["div.story-body", "article"]
date_published = "time[itemprop=datePublished]::attr(datetime)"

[headers]
Accept-Language = "nb,en;q=0.5"
Authorization = "Bearer ${COURIER_TOKEN}"

[cookies]
consent = "all"

[login]
url = "https://rivercourier.example/login"
[login.fields]
user = "library"
password = "${COURIER_PASSWORD}"

[[eras]]
valid_until = 2025-06-30
drop = []
[eras.selectors]
body = "#maintext"

[[eras]]
valid_until = 2019-12-31
[eras.selectors]
body = "td.text"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def problems_of(folder: Path, **texts: str) -> list[str]:
    """What is wrong with these files, without the folder's name."""
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    try:
        load_profiles(folder)
    except SiteProfileError as error:
        return [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    return []


def loaded(folder: Path, text: str) -> SiteProfile:
    (folder / "one.toml").write_text(text, encoding="utf-8")
    return load_profiles(folder)[0]


def test_a_full_profile_is_read_as_written(folder):
    profile = loaded(folder, FULL)
    assert profile.name == "River Courier"
    assert profile.revisit == (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(weeks=2))
    assert profile.selectors["title"] == ("h1.headline",)
    assert profile.selectors["body"] == ("div.story-body", "article")
    assert profile.login is not None
    assert profile.login.fields == {"user": "library", "password": "${COURIER_PASSWORD}"}
    assert profile.seeds[0] == "https://rivercourier.example/"
    assert profile.seeds[-2:] == ("https://feeds.elsewhere.example/courier.xml", "https://rivercourier.example/sitemap.xml.gz")
    assert profile.path == folder / "one.toml"


def test_a_profile_of_one_line_has_the_defaults(folder):
    profile = loaded(folder, 'domains = ["rivercourier.example"]')
    assert profile == SiteProfile(name="one", domains=("rivercourier.example",), path=folder / "one.toml")
    assert profile.seeds == ("https://rivercourier.example/",)
    assert profile.revisit is None


def test_revisit_off_is_an_empty_plan(folder):
    assert loaded(folder, 'domains = ["rivercourier.example"]\nrevisit = "off"').revisit == ()


def test_an_era_holds_until_its_last_day(folder):
    profile = loaded(folder, FULL)
    assert profile.at(date(2025, 7, 1)) is profile
    assert profile.at(date(2025, 6, 30)).selectors == {"body": ("#maintext",)}
    assert profile.at(date(2025, 6, 30)).drop == ()
    assert profile.at(date(2019, 12, 31)).selectors == {"body": ("td.text",)}
    assert profile.at(date(2019, 12, 31)).drop == (".newsletter-box", "aside.facts")
    assert profile.at(date(2020, 1, 1)).selectors == {"body": ("#maintext",)}


def test_all_faults_of_all_files_are_told_at_once(folder):
    first = 'domains = ["a.example"]\nfeds = []\n\n[selectors]\ntitel = "h1"\n'
    second = 'domains = ["b.example"]\ndelay_seconds = "2"\n'
    assert problems_of(folder, a=first, b=second) == [
        "a.toml:2: feds: unknown key, did you mean 'feeds'?",
        "a.toml:5: selectors.titel: unknown key, did you mean 'title'?",
        "b.toml:2: delay_seconds: '2' is not right; it is a number from 0 to 3600 (seconds)",
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('domain = "x"', "domain: unknown key, did you mean 'domains'?"),
        ('title = "h1"', "title: unknown key, did you mean 'selectors.title'?"),
        ("delay = 2", "delay: unknown key, did you mean 'delay_seconds'?"),
        ("zzz = 2", "zzz: unknown key"),
        ('feeds = "https://a.example/f"', "feeds: is a text, but a list of texts is needed, did you mean '[\"https://a.example/f\"]'?"),
        ("feeds = [1]", "feeds[1]: is a number, but a text in quotes is needed"),
        (
            'start = ["a.example/news"]',
            "start[1]: 'a.example/news' is no http or https address, did you mean 'https://a.example/news'?",
        ),
        ('start = ["ftp://a.example/"]', "start[1]: 'ftp://a.example/' is no http or https address"),
        (
            'start = ["https://b.example/"]',
            "start[1]: b.example is none of the profile's domains (a.example); add it there",
        ),
        ("skip_patterns = ['(']", "skip_patterns[1]: '(' is no regular expression (missing ), unterminated subpattern at position 0)"),
        ("skip_patterns = ['x*']", "skip_patterns[1]: 'x*' fits every address, even an empty one"),
        (f"skip_patterns = ['{'a' * 301}']", "skip_patterns[1]: the pattern has 301 characters, 300 are allowed; split it into several"),
        ('drop = ["div..x"]', "drop[1]: 'div..x' is no CSS selector (Expected ident, got <DELIM '.' at 4>)"),
        ('drop = ["p::text"]', "drop[1]: 'p::text': name the element itself here, did you mean 'p'?"),
        ('timezone = "oslo"', "timezone: 'oslo' is no time zone; write it like Europe/Oslo, did you mean 'Europe/Oslo'?"),
        ('timezone = "../../etc/passwd"', "timezone: '../../etc/passwd' is no time zone; write it like Europe/Oslo"),
        ("delay_seconds = nan", "delay_seconds: nan is not right; it is a number from 0 to 3600 (seconds)"),
        ("delay_seconds = true", "delay_seconds: true is not right; it is a number from 0 to 3600 (seconds)"),
        (
            "concurrency_per_host = 1.5",
            "concurrency_per_host: 1.5 is not right; it is a whole number from 1 to 16 (requests)",
        ),
        ('contact = "me"', "contact: contact 'me' is no e-mail address or web address; write it like you@example.org or"),
        ('schedule = "60 * * * *"', "schedule: '60' is no minute; it goes from 0 to 59"),
        ('schedule = "* * * foo *"', "schedule: 'foo' is no month; it goes from 1 to 12"),
        ('schedule = "* * *"', "schedule: '* * *' has 3 fields; write an interval (6h) or a cron expression of five"),
        ('schedule = "@dayly"', "schedule: '@dayly' is not known; there are @hourly, @daily, @weekly, @monthly, did you mean '@daily'?"),
        ('schedule = "6 hours"', "schedule: '6 hours' has 2 fields"),
        ('revisit = "of"', "revisit: 'of' is not known; write a list of intervals"),
        ('revisit = ["1d", "1h"]', "revisit[2]: is not longer than the interval before it; the plan grows with the article's age"),
        ('revisit = ["1y"]', "revisit[1]: '1y' is no interval; write it like 15m, 6h, 1d or 2w"),
        ('browser = "false"', "browser: is a text, but true or false is needed, without quotes"),
        ('obey = ["noachive"]', "obey[1]: 'noachive' is no opt-out signal"),
        ('proxy = "socks5://a.example"', "proxy: a proxy is reached by http or https, not by 'socks5'; write it like"),
        ('eras = "x"', "eras: is a text; write each era as [[eras]]"),
        ("[[eras]]\ndrop = []", "eras[1].valid_until: is missing; an era ends on a day, such as valid_until = 2025-06-30"),
        ("[[eras]]\nvalid_until = 2025-01-01", "eras[1]: changes nothing; name what was different"),
        ("[[eras]]\nvalid_until = 2025-01-01\nfeeds = []", "eras[1].feeds: unknown key"),
        ('[selectors]\nbody = "//p"', "selectors.body: '//p' is no CSS selector (Expected selector, got <DELIM '/' at 0>); XPath is not"),
        ('[headers]\nUser-Agent = "x"', "headers.User-Agent: User-Agent cannot be set here: it is made from `contact`"),
        ('[headers]\nX-A = "a\\nb"', "headers.X-A: a header's value is one line of printable Latin-1 text"),
        ('[headers]\n"a b" = "c"', "headers.a b: 'a b' is no name of a header"),
        ('[cookies]\na = "b;c"', "cookies.a: a cookie's value holds no spaces, commas, semicolons, quotes or backslashes"),
        ('[login]\nurl = "https://a.example/in"', "login.fields: is missing; a login needs the address of the form"),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_how_to_write_it(folder, line, told):
    found = problems_of(folder, a=f'domains = ["a.example"]\n{line}\n')
    number = 1 + (line.count("\n") + 1 if "missing" not in told and "changes" not in told else 1)
    assert len(found) == 1, found
    assert found[0].startswith(f"a.toml:{number}: {told}")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "domains: is missing"),
        ("domains = []", "domains: is empty"),
        ('domains = "a.example"', "domains: is a text, but a list of texts is needed, did you mean '[\"a.example\"]'?"),
        ('domains = ["https://a.example/x"]', "did you mean 'a.example'?"),
        ('domains = ["*.a.example"]', "did you mean 'a.example'?"),
        ('domains = ["co.uk"]', "'co.uk' is a public suffix"),
        ('domains = ["a b"]', "'a b' is no host"),
        ('domains = ["a_.example"]', "'a_.example' is no host"),
    ],
)
def test_domains_are_hosts_of_one_site(folder, value, told):
    found = problems_of(folder, a=value)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize("domain", ["localhost", "127.0.0.1:8000", "intranet.local", "münchen.example", "News.EXAMPLE"])
def test_hosts_of_an_intranet_and_of_other_scripts_are_domains(folder, domain):
    assert len(loaded(folder, f'domains = ["{domain}"]').domains) == 1


def test_a_domain_belongs_to_one_profile(folder):
    assert problems_of(folder, a='domains = ["a.example"]', b='# b\ndomains = ["b.example", "A.example"]') == [
        f"b.toml:2: domains[2]: the domain 'a.example' belongs to {folder}/a.toml:1 already; keep it in one of the two"
    ]


def test_a_name_belongs_to_one_profile(folder):
    found = problems_of(folder, a='domains = ["a.example"]', b='domains = ["b.example"]\nname = "a"')
    assert found == [f"b.toml:2: name: the name 'a' belongs to {folder}/a.toml:1 already; keep it in one of the two"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'domains = ["a.example"\nx = 1', "a.toml:2: is no TOML: unclosed array at column 1"),
        (b"x = ", "a.toml:1: is no TOML: invalid value"),
        (b'a = 1\nb = "\xff"', "a.toml:2: is not UTF-8 (byte 0xff); save the file as UTF-8"),
        (b"x = " + b"[" * 100_000, "a.toml:1: is nested too deeply"),
        (b"x = " + b"9" * 10_000, "a.toml:1: is no TOML: "),
        (b"#" * 300_000, "a.toml:1: is larger than 256 KiB; a profile is not"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_like_any_fault(folder, content, told):
    (folder / "a.toml").write_bytes(content)
    found = problems_of(folder)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder):
    (folder / "a.toml").write_bytes(b'\xef\xbb\xbfdomains = ["a.example"]\r\nfeeds = []\r\n')
    assert load_profiles(folder)[0].domains == ("a.example",)


def test_every_key_has_its_check():
    assert set(_CHECKS) == set(KEYS)


def test_hidden_files_and_other_files_are_passed_over(folder):
    (folder / ".a.toml").write_text("broken", encoding="utf-8")
    (folder / "notes.txt").write_text("broken", encoding="utf-8")
    assert len(load_profiles(folder)) == 0


def test_a_folder_that_was_named_must_exist(folder):
    with pytest.raises(NoSuchFile, match="is no folder"):
        load_profiles(folder / "sites")
    assert len(load_default_profiles(folder / "sites")) == 0


def test_the_error_stops_with_the_code_of_a_wrong_configuration():
    assert SiteProfileError([]).exit_code is ExitCode.CONFIGURATION


def test_a_variable_that_is_not_set_is_a_fault_before_a_crawl(folder):
    (folder / "a.toml").write_text(FULL, encoding="utf-8")
    with pytest.raises(SiteProfileError) as caught:
        load_profiles(folder, environment={"COURIER_TOKEN": "x", "PROXY_PASSWORD": ""})
    assert [(item.key, item.line) for item in caught.value.problems] == [("proxy", 17), ("login.fields.password", 37)]
    environment = {"COURIER_TOKEN": "x", "PROXY_PASSWORD": "y", "COURIER_PASSWORD": "z"}
    assert len(load_profiles(folder, environment=environment)) == 1
