"""`scrapy list` and `scrapy crawl` from the repository's root run the same spiders, pipelines and settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import environment
from loopback import Answer, Site, article_html, listing_html

ROOT = Path(__file__).parents[2]
PATHS = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(6)]


def scrapy(home, *arguments):
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, env=environment(home))


def test_scrapy_list_names_the_spiders(tmp_path):
    done = scrapy(tmp_path, "list")
    assert "news" in done.stdout.split(), done.stderr


def test_scrapy_crawl_fills_an_archive(crawler):
    pages = {"/": Answer(listing_html(PATHS)), **{path: Answer(article_html(i)) for i, path in enumerate(PATHS)}}
    with Site(pages) as served:
        settings = ("-s", f"ARCHIVE={crawler.archive}", "-s", f"ALLOW_ADDRESSES={served.allow}")
        done = scrapy(crawler.folder, "crawl", "news", "-a", f"site={served.url}/", "-a", "max_pages=4", *settings)
    assert done.returncode == 0, done.stderr
    assert crawler.query("SELECT count(*) FROM article") == [(4,)]
    assert crawler.query("SELECT status, finish_reason FROM run") == [("finished", "max_pages")]


def test_scrapy_crawl_of_a_public_host_needs_a_contact(crawler):
    done = scrapy(crawler.folder, "crawl", "news", "-a", "site=https://example.com/", "-s", f"ARCHIVE={crawler.archive}")
    assert "NEWSARCHIVE_CONTACT" in done.stderr
    assert not crawler.archive.exists()


def test_an_unknown_spider_argument_is_named_with_the_nearest_one(crawler):
    done = scrapy(crawler.folder, "crawl", "news", "-a", "site=https://example.com/", "-a", "max_page=4")
    assert "did you mean 'max_pages'" in done.stderr


def test_the_spiders_are_ours_even_when_another_package_shadows_the_name(tmp_path):
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "__init__.py").write_text("raise RuntimeError('the wrong package')\n")
    env = {
        **environment(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "SCRAPY_SETTINGS_MODULE": "newsarchive.settings",
    }
    done = subprocess.run([sys.executable, "-m", "scrapy", "list"], capture_output=True, text=True, timeout=60, cwd=tmp_path, env=env)
    assert done.stdout.split() == ["news"], done.stderr
