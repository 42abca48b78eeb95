"""Budgets for addresses that lead nowhere: a trap that no rule knows by its shape is left after some requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from newsarchive.discovery.classify import classify
from newsarchive.discovery.patterns import SitePatterns, shape
from newsarchive.discovery.scope import site_of
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture

IDLE_REQUESTS = 40
"""Requests to addresses of one shape, since one of them gave or led to an article, before the rest of the shape is left.
Five unknown traps thus cost 200 requests; tag and archive pages of real sites lead to an article far sooner, or to none."""

MAX_SHAPES = 20_000
"""Shapes counted; a site that makes new shapes without end is stopped by its depth and by the run's limits."""

_LISTED = frozenset({"seed", "feed", "sitemap", "news-sitemap", "robots", "archive"})
"""Ways of finding an address that are an invitation: the site lists it, or we know it. These have no budget."""


MAX_UNPROVEN = 5000
"""Addresses like articles, of one shape, that pages may lead to before the first of them has proved to be one. Listings are
fetched before articles, so a large site's sections must get this far; a listing that makes up addresses without end stops here."""

MAX_UNLIKE = 500
"""The same for shapes that the site's feeds and sitemaps do not show among its articles: mostly none, sometimes a blog beside the paper."""

MAX_LEARNED = 500
"""Addresses learned from one feed or sitemap; the rest of 50,000 are alike, and cost seconds."""

MAX_BARREN_SITEMAPS = 100
"""Sitemaps of one site read in a row, since one of them named a page, before the rest that sitemaps name are left. Real indexes
nest two or three deep, and nearly each of their sitemaps names pages; indexes that name ever more indexes cost this many requests
a run, not the whole night."""

MAX_REMEMBERED = 300_000
"""Addresses remembered as already led to (about 30 MB); beyond them a page is no longer rewarded for what it leads to."""


class TrapBudget:
    """Counts, for each shape of address, the requests that came to nothing. One for each run.

    What it counts is committed with the answers (`changed`), so that a crawl that takes up a killed run goes on counting.
    """

    def __init__(self, idle_requests: int = IDLE_REQUESTS) -> None:
        self._idle_requests = idle_requests
        self._idle: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self._unproven: Counter[str] = Counter()
        self._led_to: set[int] = set()
        self._barren: Counter[str] = Counter()
        self._patterns: dict[str, SitePatterns] = {}
        self._changed: set[str] = set()

    def restore(self, tallies: Iterable[tuple[str, int, int]], known: Iterable[str], listed: Iterable[str]) -> None:
        """Take up what an earlier session of the run counted: its tallies, the addresses it knew, and those that sources listed."""
        for form, idle, unproven in tallies:
            self._idle[form], self._unproven[form] = idle, unproven
        self._led_to.update(map(hash, islice(known, MAX_REMEMBERED)))
        self.learn(listed)

    def changed(self) -> list[tuple[str, int, int]]:
        """(shape, idle, unproven) of what changed since the last call, without requests that are under way: they are sent again."""
        found = [(form, max(self._idle[form] - self._under_way[form], 0), self._unproven[form]) for form in sorted(self._changed)]
        self._changed.clear()
        return found

    def admit(self, candidate: Candidate) -> bool:
        """Whether to send a request for this address, which is then counted. Ask when it is about to be sent."""
        if candidate.kind == "sitemap" and candidate.found_by == "sitemap" and self._barren[site_of(candidate.url)] >= MAX_BARREN_SITEMAPS:
            return False
        if _is_free(candidate):
            return True
        form = shape(candidate.url)
        if self._idle[form] >= self._idle_requests:
            return False
        if form in self._idle or len(self._idle) < MAX_SHAPES:
            self._idle[form] += 1
            self._under_way[form] += 1
        return True

    def answered(self, candidate: Candidate) -> None:
        """The verdict on an admitted address is about to be committed."""
        if _is_free(candidate):
            return
        form = shape(candidate.url)
        self._under_way[form] -= 1
        if self._under_way[form] <= 0:
            del self._under_way[form]
        self._changed.add(form)

    def reward(self, candidate: Candidate) -> None:
        """An article came of this address: its shape, and that of the page that led to it, have their whole budget again."""
        form = shape(candidate.url)
        self._unproven[form] = 0
        self._renew(form)
        if candidate.found_on is not None:
            self._renew(shape(candidate.found_on))

    def _renew(self, form: str) -> None:
        self._idle[form] = 0
        self._changed.add(form)

    def leads_to(self, candidate: Candidate, urls: Iterable[str]) -> None:
        """The page at this address links to these. Where one looks like an article and is new, the page was worth its request.

        A feed or sitemap teaches what the site's articles look like. No reward where the link has the page's own shape (mazes link to
        themselves), where addresses like it have been found out, or where they are unlike the site's articles and many.
        """
        if candidate.kind in {"feed", "sitemap"}:
            self.learn(islice(urls, MAX_LEARNED))
            return
        own, is_worth = shape(candidate.url), False
        for url in urls:
            if classify(url).kind != "article" or hash(url) in self._led_to or len(self._led_to) >= MAX_REMEMBERED:
                continue
            self._led_to.add(hash(url))
            form = shape(url)
            if form != own and self._idle[form] < self._idle_requests and self._unproven[form] < self._patience(url):
                self._unproven[form] += 1
                self._changed.add(form)
                is_worth = True
        if is_worth:
            self._renew(own)

    def listed(self, capture: Capture, found: Iterable[Candidate]) -> None:
        """These were found in an answer. Where it is a sitemap that was read (not only confirmed unchanged), pages renew its site's budget.

        Counted anew in a crawl that takes up a killed run, which costs it as many requests again.
        """
        if capture.kind != "sitemap" or capture.page is None or capture.page.status != 200:
            return
        site = site_of(capture.url)
        self._barren[site] = 0 if any(item.kind != "sitemap" for item in found) else self._barren[site] + 1

    def learn(self, urls: Iterable[str]) -> None:
        """These are addresses of articles, by what the site lists or what the archive holds."""
        for url in urls:
            self._patterns.setdefault(site_of(url), SitePatterns()).learn([url])

    def likelihood(self, url: str) -> int:
        """1 for an address like the site's articles, -1 for one unlike them, 0 where nothing is known."""
        patterns = self._patterns.get(site_of(url))
        return 0 if patterns is None else _LIKELIHOOD.get(patterns.judge(url).reason, 0)

    def _patience(self, url: str) -> int:
        """How many unproven addresses like this one a page may be rewarded for."""
        return MAX_UNLIKE if self.likelihood(url) < 0 else MAX_UNPROVEN


_LIKELIHOOD = {"learned-pattern": 1, "unlike-the-sites-articles": -1}


def _is_free(candidate: Candidate) -> bool:
    return candidate.found_by in _LISTED or candidate.kind in {"feed", "sitemap"}
