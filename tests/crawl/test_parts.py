"""Large sitemaps are saved in parts: the reactor runs in between, and the sitemap's own outcome comes last."""

from __future__ import annotations

import asyncio

from loopback import Answer, Site, article_html, listing_html

from newsarchive.crawl.parts import PART, save_in_parts
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome

STORY = "/2026/03/04/ferry-landing-reopens-in-march"


def sitemap(number: int) -> Capture:
    found = tuple(Candidate(url=f"https://paper.example/{n}", found_by="sitemap") for n in range(number))
    return Capture(url="https://paper.example/sitemap.xml", kind="sitemap", outcome=Outcome.SOURCE, candidates=found)


class Recorder:
    """Stands in for the session: what it was given to save, in order."""

    def __init__(self, ends_after: int = 1000) -> None:
        self.saved: list[tuple[str, int]] = []
        self.capture: Capture | None = None
        self.ends_after = ends_after

    def save_found(self, capture: Capture, candidates: object) -> int | None:
        if len(self.saved) >= self.ends_after:
            return None
        self.saved.append(("part", len(candidates)))
        return len(candidates) - 1

    def save(self, capture: Capture) -> Outcome:
        self.capture = capture
        self.saved.append(("capture", len(capture.candidates)))
        return capture.outcome


def test_other_work_goes_on_between_the_parts_and_the_outcome_comes_with_the_last():
    session, turns = Recorder(), []

    async def work() -> None:
        while True:
            turns.append(len(session.saved))
            await asyncio.sleep(0)

    async def both() -> Outcome | None:
        other = asyncio.ensure_future(work())
        outcome = await save_in_parts(session, sitemap(3 * PART + 7))
        other.cancel()
        return outcome

    assert asyncio.run(both()) is Outcome.SOURCE
    assert session.saved == [("part", PART)] * 3 + [("capture", 7)]
    assert {1, 2, 3} <= set(turns)
    assert (session.capture.links_before, session.capture.new_before) == (3 * PART, 3 * (PART - 1))


def test_a_whole_number_of_parts_and_a_small_capture_need_no_empty_part():
    whole, small = Recorder(), Recorder()
    asyncio.run(save_in_parts(whole, sitemap(2 * PART)))
    asyncio.run(save_in_parts(small, sitemap(3)))
    assert whole.saved == [("part", PART), ("capture", PART)]
    assert small.saved == [("capture", 3)]


def test_a_crawl_that_ends_in_between_leaves_the_sitemap_for_the_next():
    session = Recorder(ends_after=1)
    assert asyncio.run(save_in_parts(session, sitemap(3 * PART))) is None
    assert session.saved == [("part", PART)]


def test_everything_a_large_sitemap_lists_is_queued_and_counted(crawler):
    number = 2 * PART + 200
    with Site({"/": Answer(listing_html([STORY])), STORY: Answer(article_html(1))}) as site:
        site.pages["/robots.txt"] = Answer(f"User-agent: *\nDisallow: /old/\nSitemap: {site.url}/sitemap.xml\n")
        entries = "".join(f"<url><loc>{site.url}/old/story-of-the-ferry-{n}</loc></url>" for n in range(number))
        site.pages["/sitemap.xml"] = Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>')
        ran = crawler.crawl(site.url, allow=site.allow)
    assert ran.outcomes["stored"] == 1, ran.err
    assert ran.outcomes["robots"] == number
    assert crawler.query("SELECT last_links, last_new FROM source WHERE kind='sitemap'") == [(number, number)]
