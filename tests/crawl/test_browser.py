"""Pages that show nothing without JavaScript, in the system's browser, with the guards and limits of every other request."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from loopback import SENTENCES, Answer, Site, article_html, listing_html

pytestmark = pytest.mark.needs_browser

STORY = "/2026/03/04/ferry-landing-reopens-in-march"
SHELL = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Ferry landing reopens</title>"
    "<meta property='og:type' content='article'>"
    "</head><body><div id='app'></div>{scripts}</body></html>"
)
SCRIPT = """
fetch('/api/story.json').then(answer => answer.json()).then(story => {
  const article = document.createElement('article');
  article.innerHTML = '<h1>' + story.title + '</h1>' + story.paragraphs.map(text => '<p>' + text + '</p>').join('');
  document.getElementById('app').append(article);
});
"""
STORY_DATA = json.dumps({"title": "Ferry landing reopens in March", "paragraphs": SENTENCES})


def shell(*scripts: str) -> Answer:
    return Answer(SHELL.format(scripts="".join(scripts)))


def application(page: Answer) -> Site:
    return Site(
        {
            "/": Answer(listing_html([STORY])),
            STORY: page,
            "/app.js": Answer(SCRIPT, headers={"Content-Type": "text/javascript"}),
            "/api/story.json": Answer(STORY_DATA, headers={"Content-Type": "application/json"}),
        }
    )


def crawl(crawler, site: Site, *, browser: bool = True, more: str = "", options: tuple[str, ...] = ()):
    folder = crawler.folder / "sites"
    folder.mkdir(exist_ok=True)
    (folder / "courier.toml").write_text(
        f'domains = ["127.0.0.1:{site.port}"]\nstart = ["{site.url}/"]\nbrowser = {str(browser).lower()}\n{more}'
    )
    return crawler.crawl(site.url + "/", allow=site.allow, options=("--sites", str(folder), *options))


@contextmanager
def forbidden_server() -> Iterator[tuple[str, list[object]]]:
    """HOST:PORT on loopback that no test allows, and every connection that was made to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[object] = []

    def take() -> None:
        while True:
            try:
                taken.append(listener.accept())
            except OSError:
                return

    threading.Thread(target=take, daemon=True).start()
    try:
        yield "{}:{}".format(*listener.getsockname()), taken
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_an_article_that_only_scripts_show_is_stored_and_its_page_is_asked_for_once(crawler):
    with application(shell("<script src='/app.js'></script>")) as site:
        without = crawl(crawler, site, browser=False)
        assert without.outcomes.get("stored", 0) == 0, without.err
        site.requests.clear()
        ran = crawl(crawler, site, options=("--revisit", "now"))
        assert ran.outcomes["stored"] == 1, ran.err + ran.out
        assert site.paths.count(STORY) == 1
        again = crawl(crawler, site, options=("--revisit", "now"))
    assert again.outcomes["unchanged"] == 1, again.out
    ((title, body, headers),) = crawler.query("SELECT a.title, a.body, f.headers FROM article a JOIN fetch f ON f.id=a.fetch_id")
    assert title == "Ferry landing reopens in March"
    assert body == "\n\n".join(SENTENCES)
    assert json.loads(headers)["x-rendered"] == "yes"


def test_no_request_of_a_page_reaches_a_private_address_and_the_summary_says_what_was_refused(crawler):
    with forbidden_server() as (address, taken), application(Answer()) as site:
        site.pages["/hop.js"] = Answer("", 302, {"Location": f"http://{address}/hopped.js"})
        site.pages[STORY] = shell(
            "<script src='/app.js'></script>",
            f"<script src='http://{address}/direct.js'></script>",
            f"<script src='http://localhost:{address.split(':')[1]}/named.js'></script>",
            f"<script src='http://0x7f.1:{address.split(':')[1]}/spelt.js'></script>",
            "<script src='/hop.js'></script>",
            f"<script src='https://{address}/tls.js'></script>",
            f"<img src='http://{address}/picture.png'><iframe src='http://{address}/frame'></iframe>",
            f"<link rel='preconnect' href='http://{address}'><link rel='stylesheet' href='http://{address}/style.css'>",
            f"<script>fetch('http://{address}/data').catch(() => 0); new WebSocket('ws://{address}/socket');"
            f"navigator.sendBeacon('http://{address}/beacon'); window.open('http://{address}/popup');"
            f"new Worker(URL.createObjectURL(new Blob([\"fetch('http://{address}/worker')\"])));</script>",
        )
        ran = crawl(crawler, site)
    assert taken == []
    assert ran.outcomes["stored"] == 1, ran.err
    assert "/hop.js" in site.paths
    assert any("the browser was refused" in note and address.split(":")[0] in note for note in ran.summary["notes"])


def test_a_page_that_never_loads_ends_with_a_verdict_and_one_that_polls_is_read(crawler):
    other = STORY + "-again"
    endless = threading.Event()
    with application(shell("<script src='/endless.js'></script>")) as site:
        site.pages["/"] = Answer(listing_html([STORY, other]))
        site.pages[other] = shell("<script src='/app.js'></script><script>setInterval(() => fetch('/poll'), 50)</script>")

        def never(earlier: int) -> Answer:
            endless.wait(100)
            return Answer("")

        site.pages["/endless.js"] = never
        ran = crawl(crawler, site)
        endless.set()
    assert crawler.verdicts()[STORY[1:]] == "timeout", ran.err
    assert crawler.verdicts()[other[1:]] == "stored"
    assert ran.code == 0
    assert site.paths.count("/poll") <= 80


def test_a_script_without_end_does_not_hold_up_the_crawl(crawler):
    with application(shell("<script>for (;;) {}</script>")) as site:
        ran = crawl(crawler, site)
    assert crawler.verdicts()[STORY[1:]] == "timeout", ran.err
    assert ran.code == 0


def test_robots_statuses_and_redirects_of_the_page_mean_what_they_always_mean(crawler):
    with application(shell("<script src='/app.js'></script>")) as site:
        site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n")
        site.pages["/"] = Answer(listing_html([STORY, "/private" + STORY, "/moved" + STORY, "/lost" + STORY]))
        site.pages["/moved" + STORY] = Answer("", 301, {"Location": "/private" + STORY})
        ran = crawl(crawler, site)
    verdicts = crawler.verdicts()
    assert verdicts["private" + STORY] == "robots", ran.err
    assert verdicts["moved" + STORY] == "redirected"
    assert verdicts["lost" + STORY] == "http_4xx"
    assert "/private" + STORY not in site.paths


def test_scripts_of_other_origins_get_no_cookie_of_the_profile(crawler):
    crawler.extra["TOKEN"] = "Bearer fern"
    with application(Answer()) as site, Site({"/other.js": Answer("1")}) as other:
        site.pages[STORY] = shell("<script src='/app.js'></script>", f"<script src='http://localhost:{other.port}/other.js'></script>")
        ran = crawl(
            crawler,
            site,
            more='[headers]\nAuthorization = "${TOKEN}"\n[cookies]\nreader = "fern"\n',
            options=("--allow-address", other.allow),
        )
    assert ran.outcomes["stored"] == 1, ran.err
    asked = {path: {name.lower(): value for name, value in sent.items()} for path, sent in zip(site.paths, site.headers, strict=True)}
    stranger = {name.lower(): value for name, value in other.headers[0].items()}
    assert "reader=fern" in asked["/app.js"]["cookie"]
    assert asked["/app.js"]["authorization"] == "Bearer fern"
    assert other.paths == ["/other.js"]
    assert not {"cookie", "authorization"} & set(stranger)
    assert asked["/app.js"]["user-agent"] == asked[STORY]["user-agent"] == stranger["user-agent"]


def test_a_page_that_grows_without_end_is_not_stored(crawler):
    with application(shell("<script>document.body.append('x '.repeat(5000000))</script>")) as site:
        crawl(crawler, site)
    assert crawler.verdicts()[STORY[1:]] == "too_large"


def test_the_doctor_names_sites_whose_pages_come_empty_and_what_to_do(crawler):
    paths = [f"/2026/03/04/ferry-landing-reopens-part-{number}" for number in range(4)]
    with application(Answer()) as site:
        site.pages["/"] = Answer(listing_html(paths))
        site.pages |= {path: shell("<noscript>Please enable JavaScript.</noscript><script src='/app.js'></script>") for path in paths}
        ran = crawl(crawler, site, browser=False)
        assert [crawler.verdicts()[path[1:]] for path in paths] == ["not_article"] * 4, ran.err
        findings = json.loads(crawler.run("doctor", "--archive", str(crawler.archive), "--json").out)["findings"]
    (finding,) = [item for item in findings if item["name"] == "browser"]
    assert finding["status"] == "note"
    assert f"127.0.0.1:{site.port} (4 pages)" in finding["text"]
    assert "browser = true" in finding["text"]


def processes() -> dict[int, int]:
    """Process id -> parent, of everything that runs and is no zombie."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(path.parent.name)] = int(parent)
    return found


def below(pid: int) -> set[int]:
    """Everything that a process started, and what that started."""
    parents, found = processes(), {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def test_a_killed_crawl_leaves_no_browser_behind(crawler):
    asked, ended = threading.Event(), threading.Event()
    with application(shell("<script src='/endless.js'></script>")) as site:

        def never(earlier: int) -> Answer:
            asked.set()
            ended.wait(100)
            return Answer("")

        site.pages["/endless.js"] = never
        folder = crawler.folder / "sites"
        folder.mkdir()
        (folder / "courier.toml").write_text(f'domains = ["127.0.0.1:{site.port}"]\nstart = ["{site.url}/"]\nbrowser = true\n')
        process = crawler.start("crawl", site.url + "/", *crawler.options(site.allow), "--sites", str(folder))
        assert asked.wait(60)
        children = below(process.pid)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        ended.set()
    deadline = time.monotonic() + 20
    while children & processes().keys() and time.monotonic() < deadline:
        threading.Event().wait(0.1)
    assert len(children) > 3  # workers, the driver, the browser and its parts
    assert not children & processes().keys()


def test_pages_of_other_sites_need_no_browser(crawler):
    with Site({"/": Answer(listing_html([STORY])), STORY: Answer(article_html(1) + "<script src='/app.js'></script>")}) as site:
        ran = crawl(crawler, site, browser=False)
    assert ran.outcomes["stored"] == 1
    assert "/app.js" not in site.paths
