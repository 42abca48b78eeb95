"""What a site profile says, in typed values, and the defaults of everything it leaves out.

The loader makes profiles (`load.load_profiles`); whatever is in one has been checked. Secrets stand in it as `${NAME}`
and are read from the environment when a request is made (`secrets.revealed`), so that a profile can be logged and stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from newsarchive.urls import host_of

MAX_PATTERN_URL_CHARS = 700
"""Characters of an address that patterns look at; what is longer counts as a trap anyway. It bounds what a bad pattern can cost."""

Shape = Literal["article", "listing", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A form that is sent once at the start of a crawl."""

    url: str
    """Address of the page with the form."""
    fields: Mapping[str, str]
    """Name of the input -> value; secrets as `${NAME}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """How the site was built until a day, for pages fetched before a redesign. A key stands in for the profile's whole key."""

    valid_until: date
    """The last day on which these values held."""
    article_patterns: tuple[str, ...] | None = None
    """As in the profile; None: as in the profile."""
    listing_patterns: tuple[str, ...] | None = None
    """As in the profile; None: as in the profile."""
    skip_patterns: tuple[str, ...] | None = None
    """As in the profile; None: as in the profile."""
    selectors: Mapping[str, tuple[str, ...]] | None = None
    """As in the profile, as a whole; None: as in the profile."""
    drop: tuple[str, ...] | None = None
    """As in the profile; None: as in the profile."""
    timezone: str | None = None
    """As in the profile; None: as in the profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """One site. The defaults stand here and nowhere else; None means what the crawl does without a profile."""

    domains: tuple[str, ...]
    """Hosts the profile is for, subdomains included: `example.com`; with a port (`localhost:8000`) that port alone. At least one."""
    name: str = ""
    """Short name for commands and reports. Default: the file's name without `.toml`."""
    start: tuple[str, ...] = ()
    """Addresses a crawl starts from, on the domains. Default: the home page of the first domain."""
    feeds: tuple[str, ...] = ()
    """Addresses of feeds that discovery would not find by itself."""
    sitemaps: tuple[str, ...] = ()
    """Addresses of sitemaps that robots.txt does not name."""
    article_patterns: tuple[str, ...] = ()
    """Regular expressions, searched anywhere in the normalised address: these are articles."""
    listing_patterns: tuple[str, ...] = ()
    """Regular expressions: these are section pages, read for their links."""
    skip_patterns: tuple[str, ...] = ()
    """Regular expressions: these are not fetched. They win over the other two."""
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field of the article -> CSS selectors, tried in order (`h1.headline`, `time::attr(datetime)`). `body` names containers."""
    drop: tuple[str, ...] = ()
    """CSS selectors of elements that are never article text: newsletter boxes, fact boxes, share bars."""
    timezone: str | None = None
    """IANA name (`Europe/Oslo`) for dates that the pages write without a zone. Default: such dates stay without a zone."""
    delay_seconds: float | None = None
    """Seconds between two requests to a host. A larger Crawl-delay of the site wins."""
    concurrency_per_host: int | None = None
    """Requests to one host at the same time."""
    contact: str | None = None
    """E-mail address or web page for the user agent on this site. Default: the contact of the crawl."""
    schedule: str | None = None
    """When the site is to be crawled: an interval (`6h`) or a cron expression (`30 2 * * *`, minute hour day month weekday)."""
    schedule_timezone: str | None = None
    """IANA name of the zone the cron expression is meant in. Default: `timezone` of nightly.toml, else UTC."""
    revisit: tuple[timedelta, ...] | None = None
    """Growing intervals after which an article is fetched again: `["1h", "1d", "30d"]`; `"off"` (empty here) for backfills. Default: 1h 6h 1d 3d 7d 30d."""  # noqa: E501 - one line, as all these notes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers sent with every request to the site; secrets as `${NAME}`."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Cookies sent with every request to the site; secrets as `${NAME}`."""
    login: Login | None = None
    """Login form: `url`, and the table `fields`. Default: no login."""
    proxy: str | None = None
    """Proxy for all requests to the site: `http://host:port`, or `${NAME}`. Default: none; the environment's is not used."""
    browser: bool = False
    """Whether pages are run in a browser, for sites that show nothing without JavaScript. Needs the extra `browser` and Chromium."""
    obey: tuple[str, ...] = ()
    """Opt-out signals obeyed beyond the usual ones: `noarchive`, `noindex`, `nosnippet`."""
    eras: tuple[Era, ...] = ()
    """Former designs of the site, each with the last day it held (`valid_until`), in the order of these days."""
    path: Path | None = None
    """The file; None for a profile made in code. No key of the file."""

    @property
    def seeds(self) -> tuple[str, ...]:
        """The addresses a crawl of this site starts from: `start`, else the home page; then feeds and sitemaps, each once."""
        home = self.start or (f"https://{self.domains[0]}/",)
        return tuple(dict.fromkeys((*home, *self.feeds, *self.sitemaps)))

    def at(self, day: date) -> SiteProfile:
        """The profile as it held on a day: the first era that ends on or after it, else the profile itself."""
        era = next((era for era in sorted(self.eras, key=lambda era: era.valid_until) if day <= era.valid_until), None)
        if era is None:
            return self
        values: dict[str, Any] = {item.name: getattr(era, item.name) for item in fields(era) if item.name != "valid_until"}
        return replace(self, **{name: value for name, value in values.items() if value is not None})

    def covers(self, url: str) -> bool:
        """Whether an address is on one of the domains."""
        return any(name in self.domains for name in _host_names(url))

    def shape_of(self, url: str) -> Shape | None:
        """What the patterns say of a normalised address; None where they say nothing. `skip` wins, then `article`."""
        shapes: tuple[tuple[Shape, Sequence[str]], ...] = (
            ("skip", self.skip_patterns),
            ("article", self.article_patterns),
            ("listing", self.listing_patterns),
        )
        text = url[:MAX_PATTERN_URL_CHARS]
        return next((shape for shape, patterns in shapes if any(_compiled(pattern).search(text) for pattern in patterns)), None)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _host_names(url: str) -> Iterator[str]:
    """The names under which a profile can be meant for an address: host with port, host, then each parent domain."""
    host = host_of(url)
    yield host
    bare = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    if ":" in bare or bare.replace(".", "").isdigit():
        yield bare
        return
    labels = bare.split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])


class Profiles(Sequence[SiteProfile]):
    """All profiles of a folder, found by address or name. Iterates in the order of their names."""

    def __init__(self, profiles: Sequence[SiteProfile] = ()) -> None:
        self._profiles = tuple(sorted(profiles, key=lambda profile: profile.name))
        self._by_domain = {domain: profile for profile in self._profiles for domain in profile.domains}

    def __len__(self) -> int:
        return len(self._profiles)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an index or a slice, as Sequence has it
        return self._profiles[index]

    def for_url(self, url: str) -> SiteProfile | None:
        """The profile of an address, the most particular domain first; None where none covers it."""
        return next((self._by_domain[name] for name in _host_names(url) if name in self._by_domain), None)

    def revisit_steps(self, url: str) -> tuple[timedelta, ...] | None:
        """The intervals after which an article at this address is fetched again; empty: never, None: as without a profile."""
        profile = self.for_url(url)
        return None if profile is None else profile.revisit

    def named(self, name: str) -> SiteProfile | None:
        """The profile of that name, else the one with that domain; None where there is none."""
        named = next((profile for profile in self._profiles if profile.name == name), None)
        return named or self._by_domain.get(name.lower())


def profile_for(url: str, profiles: Profiles) -> SiteProfile | None:
    """The profile that covers an address, or None."""
    return profiles.for_url(url)
