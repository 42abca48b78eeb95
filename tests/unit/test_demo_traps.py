import re
import subprocess
import sys
from html import unescape
from urllib.parse import urljoin
from urllib.request import urlopen

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.site import build_site
from newsarchive.demo.traps import ENTRANCES
from newsarchive.discovery.classify import classify
from newsarchive.model.outcome import Outcome


def walk(site, start, depth):
    """Every address of the paper that can be reached from `start`, as a crawler without a guard would."""
    seen, waiting = {start}, [start]
    while waiting:
        url = waiting.pop()
        resource = site.answer(url.removeprefix(ORIGIN), depth)
        found = re.findall(r'href="([^"#]+)', resource.body.decode("latin-1")) if resource.content_type.startswith("text/html") else []
        for href in [*found, *([resource.headers["Location"]] if "Location" in resource.headers else [])]:
            link = urljoin(url, unescape(href))
            if link.startswith(ORIGIN + "/") and link not in seen:
                seen.add(link)
                waiting.append(link)
    return seen


def test_a_walk_through_the_whole_paper_ends_and_every_address_has_a_verdict():
    site = build_site(1)
    seen = walk(site, ORIGIN + "/", depth=5)
    assert not [url for url in seen if site.manifest.expectation(url) is None and not url.startswith(ORIGIN + "/media/")]
    assert set(site.manifest.articles) <= seen, "a story cannot be reached by links"


def trap_pages(site, entrance, depth):
    """The pages of one trap, as far as it leads."""
    family = ORIGIN + re.match(r"/\w+", entrance)[0]
    return {url for url in walk(site, ORIGIN + entrance, depth) if url.startswith(family)}


def test_each_trap_leads_as_deep_as_it_is_told_and_no_deeper():
    site = build_site(1)
    for entrance in ENTRANCES:
        shallow, deep = trap_pages(site, entrance, 3), trap_pages(site, entrance, 9)
        assert len(shallow) < len(deep) < 70, entrance
        assert all(site.manifest.expectation(url).outcome is Outcome.TRAP for url in deep)
        assert all(site.answer(url.removeprefix(ORIGIN), 9).status == 200 for url in deep)


def test_the_classifier_recognises_every_trap_sooner_or_later():
    site = build_site(1)
    for entrance in ENTRANCES:
        assert "trap" in {classify(url).kind for url in trap_pages(site, entrance, 9)}, entrance


def test_the_paper_can_be_served_by_hand():
    command = [sys.executable, "-m", "newsarchive.demo", "--port", "0", "--edition", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline()
            assert "edition 2" in first
            with urlopen(re.search(r"http://\S+", first)[0], timeout=10) as answer:
                assert b"Brindle Harbour Courier" in answer.read()
        finally:
            process.terminate()
