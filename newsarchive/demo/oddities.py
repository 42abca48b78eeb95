"""The addresses that are no articles: the paper's own pages, redirects, duplicates, soft and hard errors, opt-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsarchive.demo.frontpages import shell
from newsarchive.demo.resource import Resource, page, redirect
from newsarchive.model.outcome import Outcome

NO_ARTICLE = frozenset({Outcome.NOT_ARTICLE, Outcome.SOURCE})
"""A page that is no article may be booked as one or, where it links to stories, as a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One address with its answer and its verdict."""

    path: str
    resource: Resource
    outcome: Outcome
    why: str
    target: str | None = None
    """Path a redirect leads to or a duplicate repeats."""
    label: str | None = None
    """Words of its link on the front page; None where something else links to it."""
    also: frozenset[Outcome] = frozenset()
    opt_outs: tuple[str, ...] = ()


_ABOUT = """<h1>About the Courier</h1>
<p>The Brindle Harbour Courier is written in two rooms above the chandler's in Fore Street and belongs to its eleven hundred
subscribers. It appears whenever something has happened.</p>
<p>Write to the editors, come to the counter between nine and noon, or shout: the windows are usually open.</p>"""

_PRIVACY = """<h1>Privacy</h1>
<p>We keep your name and address for as long as you subscribe. We set one cookie, which remembers the size of the letters.</p>"""

_CONTACT = """<h1>Contact</h1><form action="/contact/" method="post"><label>Your name <input name="who"></label>
<label>Message <textarea name="what"></textarea></label><button>Send</button></form>"""

_CORRECTIONS = """<h1>Corrections</h1><ul><li>On Tuesday we gave the wrong weight for the largest marrow.</li>
<li>The church clock is slow, not fast.</li><li>Mr Pask is a councillor, not a lorry.</li></ul>"""

_TIDES = """<h1>Tide table for the week</h1><table><tr><th>Day</th><th>High</th><th>Low</th></tr>
<tr><td>Monday</td><td>6:12</td><td>12:25</td></tr><tr><td>Tuesday</td><td>6:58</td><td>13:11</td></tr>
<tr><td>Wednesday</td><td>7:41</td><td>13:55</td></tr></table>"""


def own_pages() -> Iterator[Oddity]:
    """The paper's own pages: readable, linked from everywhere, and no articles."""
    pages = (("/about/", "About us", _ABOUT), ("/privacy/", "Privacy", _PRIVACY), ("/contact/", "Contact", _CONTACT))
    for path, title, main in (*pages, ("/corrections/", "Corrections", _CORRECTIONS)):
        yield Oddity(path=path, resource=page(shell(title, main)), outcome=Outcome.NOT_ARTICLE, also=NO_ARTICLE, why="page of the paper")
    yield Oddity(
        path="/tides/", resource=page(shell("Tides", _TIDES)), outcome=Outcome.NOT_ARTICLE, also=NO_ARTICLE, why="table", label="Tide table"
    )


def moved_and_broken(first: str) -> Iterator[Oddity]:
    """A redirect to the story at path `first`, a dead link, what robots.txt forbids."""
    yield Oddity(path="/go/pier", resource=redirect(first), outcome=Outcome.REDIRECTED, target=first, why="redirect", label="The new pier")
    lost = page(shell("Not found", "<h1>Page not found</h1><p>The tide has taken it.</p>"), status=404)
    yield Oddity(
        path="/news/2024/02/herring-queen/", resource=lost, outcome=Outcome.HTTP_4XX, why="dead link", label="Herring queen crowned"
    )
    drawer = page(shell("Drafts", "<h1>Drafts</h1><p>Nothing to see, least of all for robots.</p>"))
    yield Oddity(path="/private/drafts/", resource=drawer, outcome=Outcome.ROBOTS, why="robots.txt", label="Editors only")
    yield Oddity(
        path="/click?to=mattress", resource=redirect("/about/", 302), outcome=Outcome.ROBOTS, why="robots.txt", label="Our advertisers"
    )
