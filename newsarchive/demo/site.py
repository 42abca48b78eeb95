"""An edition of the demo newspaper put together: what each address answers, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from newsarchive.demo import feeds, oddities, traps
from newsarchive.demo.expectation import ORIGIN, Expectation, Manifest, Requested, without_tracking
from newsarchive.demo.frontpages import author_page, front_page, page_count, section_page, shell
from newsarchive.demo.oddities import NO_ARTICLE, Oddity
from newsarchive.demo.pictures import picture
from newsarchive.demo.press import TEMPLATES
from newsarchive.demo.resource import Resource, page, redirect
from newsarchive.demo.stories import Story, stories_of
from newsarchive.demo.templates import amp
from newsarchive.demo.templates.microdata import print_view
from newsarchive.demo.templates.parts import SECTIONS
from newsarchive.demo.view import Paper, View
from newsarchive.model.outcome import Outcome

CSS = b"body{max-width:60rem;margin:auto;font-family:Georgia,serif}.ad{background:#eee;text-align:center}img{max-width:100%}\n"

OBEYED = frozenset({"noai", "noimageai", "tdm-reservation"})
"""Opt-out signals that keep a page out of the archive by default; `noarchive` only keeps it from being shown."""


@dataclass(slots=True)
class Site:
    """One edition: answers by request target, and the manifest."""

    edition: int
    resources: dict[str, Resource] = field(default_factory=dict)
    """Path with query, as it stands in a request -> answer."""
    expectations: dict[str, Expectation] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        """What must come out of a crawl."""
        prefixes = tuple(ORIGIN + prefix for prefix in traps.PREFIXES)
        return Manifest(edition=self.edition, expectations=self.expectations, trap_prefixes=prefixes)

    def answer(self, target: str, trap_depth: int = traps.DEFAULT_DEPTH) -> Resource:
        """The answer to a request target; a 404 page for what is not there. Traps go `trap_depth` steps deep."""
        target = without_tracking(target)
        found = self.resources.get(target)
        if found is not None:
            return found
        trap = traps.answer(target, trap_depth)
        if trap is not None:
            return trap
        if target.startswith("/media/") and target.endswith(".png"):
            return Resource(body=picture(target), content_type="image/png", compressible=False)
        return page(shell("Not found", "<h1>Page not found</h1><p>The tide has taken it.</p>"), status=404)

    def add(self, path: str, resource: Resource, expectation: Expectation) -> None:
        """Serve `resource` at `path`. ValueError when the path is taken: two things at one address are a mistake."""
        if path in self.resources:
            raise ValueError(f"{path}: the demo newspaper has this address twice")
        self.resources[path] = resource
        self.expectations[expectation.url] = expectation

    def add_source(self, path: str, resource: Resource, why: str, requested: Requested = "may") -> None:
        """Serve a page, feed or sitemap that leads to others."""
        expectation = Expectation(url=ORIGIN + path, outcome=Outcome.SOURCE, also=NO_ARTICLE, why=why, requested=requested)
        self.add(path, resource, expectation)

    def add_oddity(self, oddity: Oddity) -> None:
        """Serve an address that is no article."""
        expectation = Expectation(
            url=ORIGIN + oddity.path,
            outcome=oddity.outcome,
            also=oddity.also,
            why=oddity.why,
            target=ORIGIN + oddity.target if oddity.target else None,
            requested="never" if oddity.outcome is Outcome.ROBOTS else "may",
            opt_outs=oddity.opt_outs,
        )
        self.add(oddity.path, oddity.resource, expectation)


@lru_cache(maxsize=8)
def build_site(edition: int) -> Site:
    """Everything edition `edition` (from 1) serves. ValueError for a smaller number."""
    if edition < 1:
        raise ValueError(f"edition {edition}: the demo newspaper's first edition is 1")
    paper = Paper(edition, stories_of(edition))
    return site_of(paper, list(_oddities(paper)))


def site_of(paper: Paper, links: Sequence[Oddity] = ()) -> Site:
    """Everything a paper serves: its stories, listings, feeds and sitemaps, and what is no article."""
    site = Site(paper.edition)
    for story in paper.stories:
        _add_story(site, paper, story)
    for oddity in links:
        site.add_oddity(oddity)
    _add_listings(site, paper, links)
    _add_feeds(site, paper)
    return site


def _add_story(site: Site, paper: Paper, story: Story) -> None:
    url = ORIGIN + story.path
    if story.state == "live":
        template = TEMPLATES[story.template]
        view = View(story, paper)
        body = template.page(view)
        opt_outs = _opt_outs(story)
        resource = Resource(
            body=body, content_type=template.content_type_of(view), headers=story.headers, modified=story.modified or story.published
        )
        expectation = Expectation(
            url=url,
            outcome=Outcome.OPTED_OUT if OBEYED & set(opt_outs) else Outcome.STORED,
            why="article",
            requested="must",
            article=view.article(),
            opt_outs=opt_outs,
            template=story.template,
            slug=story.slug,
        )
        site.add(story.path, resource, expectation)
    elif story.state in ("gone", "missing"):
        status = 410 if story.state == "gone" else 404
        resource = page(shell("Withdrawn", "<h1>This story is no longer here</h1>"), status=status)
        site.add(story.path, resource, Expectation(url=url, outcome=Outcome.HTTP_4XX, why=story.state, slug=story.slug))
    if story.state == "live" and story.template == "microdata":
        _add_twins(site, paper, story)
    for old in story.old_paths:
        moved = Expectation(url=ORIGIN + old, outcome=Outcome.REDIRECTED, why="moved", target=url, slug=story.slug)
        site.add(old, redirect(story.path), moved)


def _opt_outs(story: Story) -> tuple[str, ...]:
    """The signals by which a story's page reserves its rights."""
    found = [word.strip() for word in (story.robots or "").split(",") if word.strip()]
    found += [word.strip() for word in story.headers.get("X-Robots-Tag", "").split(",") if word.strip()]
    if story.headers.get("tdm-reservation") == "1":
        found.append("tdm-reservation")
    return tuple(found)


def _add_twins(site: Site, paper: Paper, story: Story) -> None:
    """The AMP twin and the print view of a story: duplicates, both of which name the story's page as canonical."""
    for path, why, render in (("/amp" + story.path, "AMP twin", amp.render), (story.path + "?print=1", "print view", print_view)):
        resource = page(render(View(story, paper)))
        target = ORIGIN + story.path
        site.add(path, resource, Expectation(url=ORIGIN + path, outcome=Outcome.DUPLICATE, why=why, target=target, slug=story.slug))


def _oddities(paper: Paper) -> Iterable[Oddity]:
    yield from oddities.own_pages()
    yield from oddities.no_articles()
    yield from oddities.redirects(paper.story("ropeworks-hires").path)
    yield from oddities.moved_and_broken(paper.story("ferry-pier-reopens").path)
    original = paper.story("library-night-opening")
    body = TEMPLATES[original.template].page(View(original, paper))
    yield Oddity(
        path=original.path + "?ref=newsletter",
        resource=Resource(body=body, modified=original.published),
        outcome=Outcome.DUPLICATE,
        target=original.path,
        why="tracking parameter",
        label="Soup at the library",
    )


def _add_listings(site: Site, paper: Paper, links: Iterable[Oddity]) -> None:
    named = [(item.path, item.label) for item in links if item.label] + [
        ("/amp/culture/museum-of-lost-luggage", "The luggage museum (mobile)")
    ]
    named += traps.ENTRANCES.items()
    rows = "\n".join(f'<li><a href="{path}">{label}</a></li>' for path, label in named)
    site.add_source(
        "/", page(front_page(paper, SECTIONS, f"<section><h2>Elsewhere</h2><ul>\n{rows}\n</ul></section>")), "front page", "must"
    )
    for name, path in SECTIONS:
        for number in range(1, page_count(paper, name) + 1):
            where = path if number == 1 else f"{path}page/{number}/"
            site.add_source(where, page(section_page(paper, name, path, number)), "section page")
    for name in sorted({name for story in paper.live if story.template == "wordpress" for name in story.authors}):
        site.add_source(f"/author/{'-'.join(name.lower().split())}/", page(author_page(paper, name)), "author page")


def _add_feeds(site: Site, paper: Paper) -> None:
    live = paper.live
    newest = feeds.newest_change(live)
    site.add_source("/feed.xml", feeds.rss(live), "RSS")
    site.add_source("/atom.xml", feeds.atom(live), "Atom")
    site.add_source("/feed.json", feeds.json_feed(live), "JSON Feed")
    site.add_source("/news-sitemap.xml", feeds.news_sitemap(live), "news sitemap")
    _add_sitemaps(site, paper, newest)
    robots = Resource(body=feeds.ROBOTS.encode(), content_type="text/plain")
    site.add_source("/robots.txt", robots, "robots.txt")
    script = b"document.documentElement.dataset.ready = 'yes'\n"
    site.add_source("/static/app.js", Resource(body=script, content_type="text/javascript"), "script")
    site.add_source("/static/courier.css", Resource(body=CSS, content_type="text/css"), "style sheet")


def _add_sitemaps(site: Site, paper: Paper, newest: str) -> None:
    """A sitemap index over gzip sitemaps of months and, one level deeper, an index of the languages' sitemaps.

    Stories that were withdrawn stay listed, as they do on the web.
    """
    printed = [story for story in paper.stories if story.state != "absent"]
    months = sorted({story.published[:7] for story in printed if story.language == "en"})
    languages = sorted({story.language for story in printed} - {"en"})
    for month in months:
        stories = [story for story in printed if story.language == "en" and story.published.startswith(month)]
        site.add_source(f"/sitemaps/{month}.xml.gz", feeds.gzipped(feeds.sitemap(_rows(stories)), newest), "sitemap")
    for language in languages:
        stories = [story for story in printed if story.language == language]
        site.add_source(f"/sitemaps/{language}.xml", feeds.xml(feeds.sitemap(_rows(stories)), newest), "sitemap")
    nested = feeds.sitemap_index([(f"{ORIGIN}/sitemaps/{language}.xml", newest) for language in languages])
    site.add_source("/sitemaps/languages.xml.gz", feeds.gzipped(nested, newest), "sitemap index")
    own = [(ORIGIN + path, None) for path in ("/", "/about/", "/corrections/", *(path for _, path in SECTIONS))]
    site.add_source("/sitemaps/pages.xml", feeds.xml(feeds.sitemap(own)), "sitemap")
    names = [*(f"{month}.xml.gz" for month in months), "languages.xml.gz", "pages.xml"]
    index = feeds.sitemap_index([(f"{ORIGIN}/sitemaps/{name}", newest) for name in names])
    site.add_source("/sitemap_index.xml", feeds.xml(index, newest), "sitemap index")


def _rows(stories: Iterable[Story]) -> list[tuple[str, str | None]]:
    return [(ORIGIN + story.path, story.modified or story.published) for story in stories]
