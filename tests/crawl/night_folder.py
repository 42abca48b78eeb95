"""A folder with site profiles and a nightly.toml, and small sites to crawl, for the tests of `newsarchive run`."""

from __future__ import annotations

from dataclasses import replace

from conftest import Crawler
from loopback import Answer, Site, article_html, listing_html

from newsarchive.cli.main import run as run_command
from newsarchive.model.run import CrawlPlan
from newsarchive.nightly.config import read_config
from newsarchive.nightly.night import NightRequest

STORIES = 3


def small_site(number, **answers):
    links = [f"/2026/03/report-of-the-river-towns-{number}-{i}" for i in range(STORIES)]
    pages = {"/": Answer(listing_html(links)), "/robots.txt": Answer("User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})}
    pages |= {link: Answer(article_html(number * 10 + i)) for i, link in enumerate(links)}
    return Site(pages | answers)


class Nights(Crawler):
    """A folder with profiles and a configuration, and the command in it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.sites = folder / "sites"
        self.sites.mkdir()
        self.allowed = []
        self.configure("")

    def add(self, name, site, schedule='schedule = "1d"'):
        (self.sites / f"{name}.toml").write_text(f'domains = ["{site.allow}"]\nstart = ["{site.url}/"]\n{schedule}\n')
        self.allowed.append(site.allow)

    def configure(self, text):
        (self.folder / "nightly.toml").write_text(text)

    @property
    def places(self):
        allowed = [word for address in self.allowed for word in ("--allow-address", address)]
        return ["--archive", str(self.archive), "--sites", str(self.sites), "--config", str(self.folder / "nightly.toml"), *allowed]

    def night(self, *arguments, timeout=60):
        return self.run("run", *self.places, "--json", *arguments, timeout=timeout)

    def start_night(self, *arguments):
        return self.start("run", *self.places, "--json", *arguments)

    def in_process(self, *arguments):
        return run_command(["run", *self.places, *arguments])

    def request(self, **more):
        """What the command makes of its arguments, for a night in this process."""
        plan = CrawlPlan(seeds=(), archive=self.archive, allow_addresses=self.allowed, command="newsarchive run")
        return NightRequest(plan=plan, sites=self.sites, config=replace(read_config(self.folder / "nightly.toml"), **more))


def reasons(ran):
    return [reason["sentence"] for reason in ran.summary["reasons"]]
