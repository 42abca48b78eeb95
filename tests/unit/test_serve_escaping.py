"""Texts of pages, and what is typed, never become anything but text: a hundred payloads in eight fields."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from archive_samples import PLAN, SITE, Clock, answer, article, next_run, teaser
from parsel import Selector
from serve_client import visit
from serve_payloads import PAYLOADS

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.model.outcome import Outcome
from newsarchive.serve.rendering import is_web_address

FIELDS = ("title", "description", "body", "section", "authors", "tags", "teaser", "image_url")
OWN_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """html head meta title link body a header nav ul ol li form label input button main footer p h1 h2 h3 section aside article
        div details summary dl dt dd code bdi time span table thead tbody tr th td select option mark svg rect b figure figcaption g
        line text blockquote pre ins del desc path circle polyline""",
    )
)
HARMLESS = frozenset(
    re.findall(
        r"[\w-]+",
        """class id href rel lang charset name content type value action role title datetime width height x y x1 x2 y1 y2 dx dy d cx
        cy r rx points fill viewbox preserveaspectratio transform text-anchor dominant-baseline vector-effect transform-origin xmlns
        tabindex scope start colspan for placeholder autocomplete autofocus download selected checked size open dir data-side""",
    )
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """An archive with a payload in each of eight fields of a hundred articles, before and after a change, and in teasers."""
    path = tmp_path_factory.mktemp("hostile") / "archive.db"
    clock = Clock()
    with Store(path, clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([_hostile(number, text, clock) for number, text in enumerate(PAYLOADS)], run)
        clock.move(days=1)
        run = next_run(store, run)
        store.save([_hostile(number, text, clock, after=" changed") for number, text in enumerate(PAYLOADS)], run)
        store.save([answer("/", Outcome.HTTP_5XX, status=500, detail=PAYLOADS[0])], run)
        store.finish_run(run, "finished", PAYLOADS[1])
    return path


def _hostile(number, text, clock, after=""):
    shown = [teaser(text, 0, url=f"{SITE}/{number}", module=text, category=text), teaser(text, 1, url="javascript:alert(1)")]
    return article(
        f"/{number}", text + after, [f"Before {text} after, needle", f"{text} again{after}."], at=clock.now, section=text, authors=[text],
        tags=[text], description=text, site_name=text, image_url=text, date_published_raw=text, teasers=shown, language=text[:20],
        date_published=f"2026-05-{number % 28 + 1:02d}",
    )  # fmt: skip


def _dangers(page):
    """What a browser would do on its own or with one click that is not ours."""
    found = []
    for element in Selector(page, type="html").xpath("//*"):
        name = element.root.tag
        if name not in OWN_ELEMENTS:
            found.append(f"element {name}")
        for key, value in element.root.attrib.items():
            if key not in HARMLESS and not key.startswith("aria-"):
                found.append(f"{name} {key}={value[:40]}")
            if key in ("href", "action") and not re.match(r"(/(?!/)|\?|#|https?://)", value):
                found.append(f"{name} {key}={value[:40]}")
            if name == "link" and not value.startswith(("/static/", "stylesheet", "icon", "image/svg+xml")):
                found.append(f"link {key}={value[:40]}")
    return found


def test_a_hundred_payloads_in_eight_fields_stay_text(hostile):
    assert len(PAYLOADS) >= 100
    with open_archive(hostile) as opened:
        names = [found.article_id for found in opened.articles()]
    pages = visit(hostile, *(f"/article/{name}" for name in names))
    assert {page.status_code for page in pages} == {200}
    dangers = {name: _dangers(page.text) for name, page in zip(names, pages, strict=True)}
    assert {name: found for name, found in dangers.items() if found} == {}
    for page, payload in zip(pages, PAYLOADS, strict=True):
        shown = " ".join("".join(Selector(page.text).xpath("//body//text()").getall()).split())
        wanted = " ".join(payload.replace("\x01", "").replace("\x02", "").replace("\x03", "").split())
        assert shown.count(wanted) >= len(FIELDS) - 1, (payload, shown.count(wanted))


def test_payloads_stay_text_on_every_other_page(hostile):
    with open_archive(hostile) as opened:
        name = next(iter(opened.articles())).article_id
    lists = [
        "/",
        "/search?size=200",
        "/search?q=needle&size=200",
        "/search?q=alert&size=200",
        "/changes",
        "/promotion",
        "/runs",
        "/runs/1",
        "/runs/2",
    ]
    lists += ["/sites", "/site/paper.example", f"/article/{name}/diff", "/changes?size=200"]
    pages = visit(hostile, *lists)
    assert {address: _dangers(page.text) for address, page in zip(lists, pages, strict=True) if _dangers(page.text)} == {}


def test_payloads_in_addresses_stay_text(hostile):
    addresses = [f"/search?q={quote(text)}&site={quote(text)}&section={quote(text)}&since=2026&author={quote(text)}" for text in PAYLOADS]
    addresses += [f"/search?since={quote(text)}" for text in PAYLOADS] + [f"/search?size={quote(text)}" for text in PAYLOADS]
    addresses += [f"/article/{quote(text, safe='')}" for text in PAYLOADS] + [f"/site/{quote(text, safe='')}" for text in PAYLOADS]
    addresses += [f"/{quote(text, safe='')}" for text in PAYLOADS] + [f"/changes?site={quote(text)}" for text in PAYLOADS]
    pages = visit(hostile, *addresses)
    assert not {page.status_code for page in pages} & {500, 502, 503}
    found = {address: _dangers(page.text) for address, page in zip(addresses, pages, strict=True) if page.status_code != 302}
    assert {address: dangers for address, dangers in found.items() if dangers} == {}


def test_json_and_csv_are_never_taken_for_pages(hostile):
    for answered in visit(
        hostile, "/search.json", "/search.csv", "/home.json", "/promotion.json", "/archive/articles.json", "/archive/articles.csv"
    ):
        assert answered.headers["content-type"].partition(";")[0] in ("application/json", "text/csv", "text/plain")
        assert answered.headers["x-content-type-options"] == "nosniff"


NO_LINKS = (
    """javascript:alert(1) JAVASCRIPT://example.com data:text/html,x //example.com /x http: http:// http://[ https:///x ftp://x.example"""
)


@pytest.mark.parametrize("address", [*NO_LINKS.split(), " http://x", None])
def test_only_web_addresses_become_links(address):
    assert not is_web_address(address)


def test_addresses_of_pages_become_links():
    assert is_web_address("https://example.com/a?b=c#d")
    assert is_web_address("HTTP://EXAMPLE.COM")
