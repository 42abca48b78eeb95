"""Crawls of the bench site on loopback, compared in one run: plain Scrapy with JOBDIR, news-please, and ours.

    python benchmarks/run_crawl.py [--count 300] [--tools ours,scrapy,news-please] [--news-please-venv PATH] [--json FILE]
    python benchmarks/run_crawl.py --full [--count 2000]

First night: the crawl is killed (SIGKILL, the whole process group) when half of the articles have been asked for, and started
again with the tool's own way of going on. Second night, a day later: five articles are new, five have another text. The home
page links pages that robots.txt disallows, and robots.txt answers after a second.

With --full one crawl of ours, not killed, against the site's manifest.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawl_site import HOST, BenchSite, lay_out

SESSION_SECONDS = 280
"""Seconds after which a crawl that does not end is stopped: it has what it has."""

FULL_SECONDS = 900
"""The same for the crawl of the whole site."""

CONCURRENCY = 4
"""Requests at the same time, for all tools; what news-please sets by itself. Delay 0: the site is our own."""

NEWS_PLEASE = "news-please==1.6.16"

HEADINGS = ("tool", "stored after one SIGKILL", "requests, first night", "disallowed pages fetched", "requests, second night")
HEADINGS += ("MB, second night", "new articles found", "changed articles fetched again", "seconds, both nights")


@dataclass
class Tool:
    """One crawler with its folder. Subclasses say how it is started and what it has stored."""

    folder: Path
    port: int
    name: str = ""
    options: argparse.Namespace = field(default_factory=argparse.Namespace)

    def prepare(self) -> None:
        """Set up what the tool needs before its first crawl."""

    def command(self, *, going_on: bool) -> list[str]:
        """The command line; `going_on` after a kill."""
        raise AssertionError(self.name)

    def stored(self) -> set[str]:
        """Paths of the articles it has."""
        raise AssertionError(self.name)

    def opted_out(self) -> set[str]:
        """Paths of the articles it left out because their pages carry an opt-out signal."""
        return set()

    def next_night(self) -> None:
        """A day goes by."""

    def environment(self) -> dict[str, str]:
        """The site's name leads to our server, as an HTTP proxy."""
        proxy = f"http://127.0.0.1:{self.port}"
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")  # https is refused there: nothing leaves the machine
        return {**os.environ, **dict.fromkeys(names, proxy), "HOME": str(self.folder)}


class Ours(Tool):
    """newsarchive, as a user starts it."""

    def command(self, *, going_on: bool) -> list[str]:
        """The same command every time."""
        options = ["--archive", str(self.archive), "--connect-to", f"{HOST}:80:127.0.0.1:{self.port}", "--delay", "0", "--json", "--quiet"]
        return [sys.executable, "-m", "newsarchive", "crawl", f"http://{HOST}/", *options, "--concurrency-per-host", str(CONCURRENCY)]

    @property
    def archive(self) -> Path:
        """The archive."""
        return self.folder / "archive.db"

    def stored(self) -> set[str]:
        """By the addresses that were asked for; a duplicate of a stored text counts, as its text is there."""
        urls = self.query("SELECT source_url FROM article UNION SELECT url FROM outcome WHERE outcome='duplicate'")
        return {urlsplit(url).path for (url,) in urls}

    def opted_out(self) -> set[str]:
        """By the verdicts."""
        return {urlsplit(url).path for (url,) in self.query("SELECT url FROM outcome WHERE outcome='opted_out'")}

    def query(self, sql: str) -> list[tuple[str, ...]]:
        """Rows of the archive."""
        with sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()

    def next_night(self) -> None:
        """Everything that waits is a day nearer."""
        with sqlite3.connect(self.archive) as connection:
            for table in ("frontier", "source"):
                connection.execute(f"UPDATE {table} SET next_due_at=strftime('%Y-%m-%dT%H:%M:%SZ', next_due_at, '-1 day')")
        connection.close()


class PlainScrapy(Tool):
    """Scrapy with JOBDIR and a feed."""

    def command(self, *, going_on: bool) -> list[str]:
        """The same command every time; JOBDIR is kept over the nights, or nothing would be known of the first."""
        settings = {
            "JOBDIR": self.folder / "job",
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        }
        given = [piece for name, value in settings.items() for piece in ("-s", f"{name}={value}")]
        spider = str(Path(__file__).with_name("plain_spider.py"))
        return [sys.executable, "-m", "scrapy", "runspider", spider, "-a", f"site={HOST}", "-o", "items.jsonl", "-L", "ERROR", *given]

    def stored(self) -> set[str]:
        """Items that can be read."""
        file, found = self.folder / "items.jsonl", set()
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else ():
            try:
                found.add(urlsplit(json.loads(line)["url"]).path)
            except (ValueError, KeyError):
                continue  # a line that the kill cut
        return found


class NewsPlease(Tool):
    """news-please in a virtual environment of its own, with its own configuration but for folder and address."""

    @property
    def venv(self) -> Path:
        """Where it is installed."""
        given: Path | None = self.options.news_please_venv
        return given or self.folder / "venv"

    def prepare(self) -> None:
        """Install it, unless an environment was named, and write its configuration."""
        if not (self.venv / "bin" / "news-please").exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.venv)], check=True)
            subprocess.run([str(self.venv / "bin" / "pip"), "install", "-q", NEWS_PLEASE, "setuptools<81"], check=True)
        (home,) = self.venv.glob("lib/python*/site-packages/newsplease/config")
        folder = self.folder / "config"
        folder.mkdir()
        text = (home / "config.cfg").read_text(encoding="utf-8")
        text = text.replace("working_path = ~/news-please-repo/", f"working_path = {self.folder}/work/")
        text = text.replace("'newsplease.pipeline.pipelines.RedisStorage':350,", "")
        (folder / "config.cfg").write_text(text, encoding="utf-8")
        (folder / "sitelist.hjson").write_text(json.dumps({"base_urls": [{"url": f"http://{HOST}/"}]}), encoding="utf-8")

    def command(self, *, going_on: bool) -> list[str]:
        """`-resume` after a kill."""
        command = [str(self.venv / "bin" / "news-please"), "-c", f"{self.folder}/config/", "-no-confirm"]
        return [*command, "-resume"] if going_on else command

    def stored(self) -> set[str]:
        """Its JSON files."""
        found = set()
        for file in (self.folder / "work").rglob("*.json"):
            try:
                found.add(urlsplit(json.loads(file.read_text(encoding="utf-8"))["url"]).path)
            except (ValueError, KeyError, TypeError):
                continue
        return found


TOOLS: dict[str, type[Tool]] = {"ours": Ours, "scrapy": PlainScrapy, "news-please": NewsPlease}


def session(tool: Tool, site: BenchSite, *, going_on: bool = False, kill_at: int | None = None, limit: float = SESSION_SECONDS) -> float:
    """Run the tool once, to its end or to the kill. Returns the seconds it took."""
    began = time.monotonic()
    with (tool.folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            tool.command(going_on=going_on), cwd=tool.folder, env=tool.environment(), stdout=output, stderr=output, start_new_session=True
        )
        is_time = threading.Event()
        site.on_article = None if kill_at is None else (lambda number: is_time.set() if number >= kill_at else None)
        while process.poll() is None and time.monotonic() - began < limit and not is_time.wait(0.05):
            pass
        site.on_article = None
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return time.monotonic() - began


def measure(tool: Tool, pages: Path) -> dict[str, object]:
    """Both nights of one tool, as a row of the table."""
    site = BenchSite(pages)
    tool.port = site.port
    tool.prepare()
    taken = session(tool, site, kill_at=len(site.expected()) // 2)
    taken += session(tool, site, going_on=True)
    first, stored, shown = list(site.hits), tool.stored(), site.expected()
    kept = _count(shown, stored, tool.opted_out())
    site.hits.clear()
    tool.next_night()
    site.night = 2
    taken += session(tool, site)
    second = list(site.hits)
    site.close()
    fetched = {hit.path for hit in second if hit.status == 200}
    disallowed = sum(hit.path.startswith("/private/") for hit in first + second)
    new = _count(site.expected() - shown, tool.stored(), tool.opted_out())
    row = (tool.name, kept, len(first), disallowed, len(second), round(sum(hit.size for hit in second) / 1e6, 1))
    values = (*row, new, f"{len(fetched & site.changed)} of {len(site.changed)}", round(taken))
    return dict(zip(HEADINGS, values, strict=True))


def _count(wanted: set[str], stored: set[str], opted_out: set[str]) -> str:
    """How many of the wanted are stored, and how many of the others opted out."""
    left_out = len(wanted & opted_out - stored)
    return f"{len(wanted & stored)} of {len(wanted)}" + (f" ({left_out} opted out)" if left_out else "")


def measure_full(folder: Path, pages: Path) -> dict[str, object]:
    """One crawl of ours against the manifest: an outcome for each article, and the speed."""
    site = BenchSite(pages, night=2)
    tool = Ours(folder, site.port, "ours")
    seconds = session(tool, site, limit=FULL_SECONDS)
    site.close()
    outcomes = dict(tool.query("SELECT url, outcome FROM outcome"))
    of_manifest = Counter(outcomes.get(entry["url"], "no outcome") for entry in site.manifest)
    asked = {hit.path for hit in site.hits}
    answers = Counter(hit.status for hit in site.hits)
    return {
        "articles of the manifest": len(site.manifest),
        "their outcomes": dict(of_manifest),
        "with an outcome": len(site.manifest) - of_manifest["no outcome"],
        "requests": len(site.hits),
        "answers": dict(answers),
        "disallowed pages fetched": sum(path.startswith("/private/") for path in asked),
        "seconds": round(seconds, 1),
        "pages a second": round(len(site.hits) / seconds, 1),
    }


def table(rows: list[dict[str, object]]) -> str:
    """The rows as Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(tuple(row.values()) for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def main() -> None:
    """Run what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--news-please-venv", type=Path, help="a virtual environment with news-please; one is made without it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    made = Path(tempfile.mkdtemp(prefix="bench-crawl-"))
    try:
        pages = made / "site"
        lay_out(pages, options.count or (2000 if options.full else 300))
        if options.full:
            (made / "full").mkdir()
            found: object = measure_full(made / "full", pages)
            print(json.dumps(found, indent=1))
        else:
            rows = []
            for name in options.tools.split(","):
                (made / name).mkdir()
                rows.append(measure(TOOLS[name](made / name, 0, name, options), pages))
                print(json.dumps(rows[-1]), flush=True)
            found = rows
            print(table(rows))
        if options.json:
            options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    finally:
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    main()
