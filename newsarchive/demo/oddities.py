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


_SUBSCRIBE = """<h1>Subscribe</h1><p>Four crowns a month, or one crown and a jar of jam.</p>
<form action="/subscribe/" method="post"><input name="mail"><button>Subscribe</button></form>"""

_LOGIN = """<h1>Log in</h1><form action="/login/" method="post"><input name="user"><input name="password" type="password"></form>"""

_PLAYER = """<h1>Harbour camera</h1><video controls autoplay src="/media/harbour.mp4"></video><p>Live from the north pier.</p>"""

_LOST = """<h1>Sorry, we could not find that page</h1><p>The page you asked for does not exist any more or never did.
Please check the address, or go back to the <a href="/">front page</a>.</p>"""


def _plain(path: str, title: str, main: str, why: str, label: str | None = None) -> Oddity:
    return Oddity(path=path, resource=page(shell(title, main)), outcome=Outcome.NOT_ARTICLE, also=NO_ARTICLE, why=why, label=label)


def no_articles() -> Iterator[Oddity]:
    """Answers with status 200 that hold no article: forms, a bare player, soft 404s, bytes that are no page."""
    yield _plain("/subscribe/", "Subscribe", _SUBSCRIBE, "form")
    yield _plain("/login/", "Log in", _LOGIN, "form")
    yield _plain("/video/watch/harbour-camera-live-v001", "Harbour camera", _PLAYER, "bare player", "Harbour camera")
    yield _plain("/news/2023/11/the-great-herring-raffle/", "Page not found", _LOST, "soft 404", "The great herring raffle")
    yield _plain("/sport/marbles-final-a2001.html", "Error 404", _LOST, "soft 404", "Marbles: the final")
    unreadable = frozenset({Outcome.NOT_ARTICLE, Outcome.ERROR})
    scan = Resource(body=b"\x00\x01\x02\xff\xfe" * 400, content_type="text/html")
    yield Oddity(
        path="/files/minutes-scan", resource=scan, outcome=Outcome.UNREADABLE, also=unreadable, why="binary", label="Minutes of 1869"
    )
    agenda = Resource(body=b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", content_type="application/pdf", compressible=False)
    yield Oddity(
        path="/files/agenda.pdf", resource=agenda, outcome=Outcome.UNREADABLE, also=unreadable, why="PDF", label="Agenda of the council"
    )
    reserved = b'[{"location":"/rights-reserved/*","tdm-reservation":1,"tdm-policy":"http://demo-news.example/policies/tdm.json"}]\n'
    yield Oddity(
        path="/.well-known/tdmrep.json",
        resource=Resource(body=reserved, content_type="application/json"),
        outcome=Outcome.SOURCE,
        also=unreadable | NO_ARTICLE,
        why="TDMRep",
    )


CHAIN = 7
"""Links of the long redirect chain: more than a crawl follows."""


def redirects(story: str) -> Iterator[Oddity]:
    """Chains, loops and redirects to the front page; `story` is the path at the end of the short chain."""
    hops = ("/r/1", "/r/2", "/r/3")
    for place, path in enumerate(hops):
        target = (*hops[1:], story)[place]
        answer = redirect(target, (301, 302, 308)[place])
        label = "Ropeworks (short address)" if place == 0 else None
        yield Oddity(path=path, resource=answer, outcome=Outcome.REDIRECTED, target=target, why="redirect chain", label=label)
    for path, target in (("/loop/a", "/loop/b"), ("/loop/b", "/loop/a")):
        label = "Round and round" if path == "/loop/a" else None
        yield Oddity(
            path=path,
            resource=redirect(target, 302),
            outcome=Outcome.REDIRECTED,
            also=frozenset({Outcome.ERROR}),
            target=target,
            why="redirect loop",
            label=label,
        )
    for place in range(1, CHAIN + 1):
        path, target = f"/far/{place}", f"/far/{place + 1}" if place < CHAIN else "/about/"
        yield Oddity(
            path=path,
            resource=redirect(target, 302),
            outcome=Outcome.REDIRECTED,
            also=frozenset({Outcome.ERROR}),
            target=target,
            why="long redirect chain",
            label="The long way round" if place == 1 else None,
        )
    home = redirect("/", 302)
    yield Oddity(
        path="/news/2022/01/old-news/",
        resource=home,
        outcome=Outcome.REDIRECTED,
        target="/",
        why="redirect to the front page",
        label="Old news",
    )


def moved_and_broken(first: str) -> Iterator[Oddity]:
    """A redirect to the story at path `first`, a dead link, what robots.txt forbids."""
    yield Oddity(path="/go/pier", resource=redirect(first), outcome=Outcome.REDIRECTED, target=first, why="redirect", label="The new pier")
    lost = page(shell("Not found", "<h1>Page not found</h1><p>The tide has taken it.</p>"), status=404)
    yield Oddity(
        path="/news/2024/02/herring-queen/", resource=lost, outcome=Outcome.HTTP_4XX, why="dead link", label="Herring queen crowned"
    )
    drawer = page(shell("Drafts", "<h1>Drafts</h1><p>Nothing to see, least of all for robots.</p>"))
    members = page(shell("Members", "<h1>Members only</h1>"), status=403)
    yield Oddity(path="/members/", resource=members, outcome=Outcome.HTTP_4XX, why="forbidden", label="Members")
    yield Oddity(path="/private/drafts/", resource=drawer, outcome=Outcome.ROBOTS, why="robots.txt", label="Editors only")
    yield Oddity(
        path="/click?to=mattress", resource=redirect("/about/", 302), outcome=Outcome.ROBOTS, why="robots.txt", label="Our advertisers"
    )
