"""The demo newspaper night after night: new stories every night, and breakages of the kinds that health has to notice.

Real crawls measure it. As a test cannot wait for nights, the archive grows older instead: before each crawl every moment
in it is moved back by a day.
"""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conftest import environment

from newsarchive.archive.store import Store
from newsarchive.demo.frontpages import shell
from newsarchive.demo.prose import ProseBlock
from newsarchive.demo.resource import Resource, page
from newsarchive.demo.server import DemoServer
from newsarchive.demo.site import Site, site_of
from newsarchive.demo.stories import Story, all_stories
from newsarchive.demo.view import Paper
from newsarchive.nightly.health import HealthReport, judge_runs

SITE = "demo-news.example"
TEMPLATES = ("wordpress", "graph", "microdata", "column", "elements")
STORIES_A_NIGHT = 12
SENTENCES = 14
SERVED_NIGHTS = 4
"""Nights of stories that the paper still shows in its lists; older pages are there without a link."""

MOMENTS = {
    "run": ("started_at", "heartbeat_at", "finished_at"),
    "frontier": ("next_due_at",),
    "source": ("last_fetched_at", "next_due_at"),
    "article": ("first_seen", "last_seen"),
    "health_alarm": ("since", "raised_at"),
}

Change = Callable[[Story], Story]


@dataclass
class Broken:
    """What is wrong with the paper; nothing by default."""

    story: Change = lambda story: story
    """How each story is printed instead."""
    fresh: Callable[[list[Story]], list[Story]] = lambda stories: stories
    """What becomes of the night's new stories."""
    pages: Callable[[str, Resource], Resource] = lambda path, resource: resource
    """What is answered instead, for pages of stories."""
    others: dict[str, Resource] = field(default_factory=dict)
    """Answers at other addresses."""
    lists: bool = True
    """Whether feeds, sitemaps and sections still have anything."""
    shows_teasers: bool = True
    seconds: float = 0.0
    """Before each answer."""


class NightServer(DemoServer):
    """Serves the paper as it is on a night."""

    def __init__(self, night: int, broken: Broken | None = None) -> None:
        self.broken = broken or Broken()
        super().__init__(slow=self.broken.seconds or None)
        self.site, self.story_paths = printed(night, self.broken)

    def resource(self, target: str) -> Resource:
        target = target.partition("?utm_")[0]
        found = self.broken.others.get(target) or self.site.resources.get(target)
        if found is None:
            return page(shell("Not found", "<h1>Page not found</h1>"), status=404)
        return self.broken.pages(target, found) if target in self.story_paths else found


def printed(night: int, broken: Broken) -> tuple[Site, set[str]]:
    """The paper of a night, and the paths of its stories."""
    stories: list[Story] = []
    for number in range(night, max(night - SERVED_NIGHTS, -1), -1):
        fresh = stories_of(number, age=night - number)
        stories += broken.fresh(fresh) if number == night else fresh
    changed = tuple(broken.story(story) for story in stories)
    site = site_of(Paper(1, changed))
    if not broken.shows_teasers:
        for story in changed:
            alone = site_of(Paper(1, (story,)))
            site.resources[story.path] = alone.resources[story.path]
    if not broken.lists:
        empty = site_of(Paper(1, changed[-1:]))
        for path in list(site.resources):
            if path not in {story.path for story in changed}:
                site.resources[path] = empty.resources.get(path, page("", status=404))
    return site, {story.path for story in changed}


def stories_of(night: int, *, age: int = 0) -> list[Story]:
    """A night's new stories, newest first: sentences of the demo's stories in another order."""
    chance = random.Random(night)
    plain = [
        story
        for story in all_stories()
        if story.language == "en" and story.template in TEMPLATES and not story.robots and not story.headers
    ]
    sentences = sorted({text for story in plain for block in story.blocks if block.kind == "paragraph" for text in _sentences(block.text)})
    now = datetime.now(UTC) - timedelta(days=age)
    found = []
    for place in range(STORIES_A_NIGHT):
        model = plain[(night * STORIES_A_NIGHT + place) % len(plain)]
        chosen = chance.sample(sentences, SENTENCES)
        blocks = tuple(ProseBlock("paragraph", " ".join(chosen[start : start + 2])) for start in range(0, SENTENCES, 2))
        slug = f"night-{night}-{place}"
        found.append(
            replace(
                model,
                slug=slug,
                path=f"/{model.section.lower().replace(' ', '-')}/{slug}/",
                title=f"{chosen[0].split('.')[0][:60]} ({night}, {place})",
                published=(now - timedelta(hours=1 + place)).isoformat(timespec="seconds"),
                modified=None,
                blocks=blocks,
                standfirst=chosen[1] if model.standfirst else None,
                authors=("Ada Holm",),
                inline=(),
                options={key: value for key, value in model.options.items() if key != "spoiled"},
                changes=(),
                old_paths=(),
                state="live",
            )
        )
    return found


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if 40 < len(part) < 220]


def grow_older(archive: Path, days: int = 1) -> None:
    """Move every moment of the archive back."""
    with closing(sqlite3.connect(archive)) as connection, connection:
        for table, columns in MOMENTS.items():
            shifted = ", ".join(f"{name}=strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '-{days} day')" for name in columns)
            connection.execute(f"UPDATE {table} SET {shifted}")


def crawl_night(archive: Path, home: Path, night: int, broken: Broken | None = None) -> HealthReport:
    """Crawl the paper of a night, and judge it."""
    if archive.exists():
        grow_older(archive)
    with NightServer(night, broken) as server:
        options = ["--archive", str(archive), "--connect-to", server.connect_to, "--delay", "0", "--json", "--quiet"]
        command = [sys.executable, "-m", "newsarchive", "crawl", server.origin + "/", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment(home))
    assert done.returncode in (0, 3, 4), done.stderr + done.stdout
    with Store(archive, create=False) as store:
        run = store.connection.execute("SELECT max(id) FROM run").fetchone()[0]
        return judge_runs(store, [run])


def copy_last_night(archive: Path, times: int) -> None:
    """Put the newest measured night so many times before itself, a day apart: the short form of crawling them all."""
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.row_factory = sqlite3.Row
        last = connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone()
        measures = connection.execute("SELECT site, measure, value FROM site_measure WHERE run_id=?", (last["id"],)).fetchall()
        for number in range(1, times + 1):
            moment = datetime.fromisoformat(last["started_at"]) - timedelta(days=number)
            run = connection.execute(
                "INSERT INTO run(uuid, plan_digest, seeds, status, started_at) VALUES(?,?,?,'finished',?) RETURNING id",
                (f"copy-{number}", "copy", last["seeds"], moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
            ).fetchone()[0]
            connection.executemany("INSERT INTO site_measure VALUES(?,?,?,?)", [(run, *row) for row in measures])


# --- the breakages ----------------------------------------------------------------------------------------------------

WALL = shell(
    "Your privacy",
    "<article><h1>Before you read on</h1>"
    + "".join(
        f"<p>{text}</p>"
        for text in (
            "We and our 814 partners keep and read information on your device, such as identifiers, to choose and measure advertisements.",
            "With your consent we also use exact location data and look at the properties of your device in order to recognise it again.",
            "You may refuse, or change your choice at any time, by way of the settings at the foot of every page of this newspaper.",
            "Some partners do not ask but rely on their legitimate interest, to which you may object in the list of partners.",
            "Your choice holds for this newspaper alone. Say below whether you accept everything, or wish to see each purpose.",
        )
    )
    + "</article>",
)
LOST = shell(
    "Page not found", "<h1>Sorry, this page could not be found</h1><p>It may have moved. Try the search, or start from the front page.</p>"
)


def _mojibake(path: str, resource: Resource) -> Resource:
    text = resource.body.decode("utf-8").replace("'", "’").replace(" - ", " – ").replace("e ", "é ", 30)
    return replace(resource, body=text.encode("utf-8").decode("cp1252", "replace").encode("utf-8"))


def _flood(stories: list[Story]) -> list[Story]:
    first = stories[0]
    return [*stories, *(replace(first, slug=f"{first.slug}-{n}", path=f"{first.path}{n}/", title=f"{first.title}: {n}") for n in range(30))]


def _moved(story: Story, days: int) -> Story:
    return replace(story, published=(datetime.fromisoformat(story.published) + timedelta(days=days)).isoformat())


BREAKAGES: dict[str, tuple[Broken, Sequence[str]]] = {
    "selector drift": (Broken(story=lambda story: replace(story, authors=())), ("authors",)),
    "consent wall": (Broken(pages=lambda path, resource: page(WALL)), ("rejected", "repeated", "edited")),
    "soft 404": (Broken(pages=lambda path, resource: page(LOST)), ("rejected", "found")),
    "paywall": (Broken(story=lambda story: replace(story, blocks=story.blocks[:2])), ("length",)),
    "robots change": (
        Broken(others={"/robots.txt": Resource(body=b"User-agent: *\nDisallow: /\n", content_type="text/plain")}),
        ("closed", "found"),
    ),
    "feed stops": (Broken(fresh=lambda stories: [], lists=False), ("found", "listed")),
    "dates shift a day": (Broken(story=lambda story: _moved(story, -1)), ("dates late",)),
    "encoding breaks": (Broken(pages=_mojibake), ("garbled",)),
    "teasers vanish": (Broken(shows_teasers=False), ("teasers",)),
    "duplicate flood": (Broken(fresh=_flood), ("repeated", "copies")),
    # Half of twelve cannot be told from a quiet day in one night, so here all of them are missing, with the lists as they were.
    "the articles missing": (Broken(fresh=lambda stories: []), ("found",)),
    "slow site": (Broken(seconds=0.4), ("latency",)),
}
"""Kind -> what is wrong with the paper, and the fields of which at least one has to say so."""
