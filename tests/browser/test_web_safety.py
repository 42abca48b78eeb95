"""Hostile archives: whatever publishers wrote stays text, and the page asks nobody for anything."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hostile_archive import FIELDS, PAYLOADS, RUN
from watched_page import watched

pytestmark = pytest.mark.needs_browser

INSPECT = """() => {
  const nodes = [...document.querySelectorAll('*')];
  const local = ['http:', 'https:'];
  return {
    pwned: window.pwned === 1,
    handlers: nodes.filter(node => [...node.attributes].some(item => /^on/i.test(item.name))).map(node => node.outerHTML.slice(0, 120)),
    foreign: nodes.filter(node => /^(script|iframe|object|embed|img|video|audio|base|math|animate|marquee|applet)$/i.test(node.localName))
      .filter(node => !(node.localName === 'script' && new URL(node.src || 'about:blank').origin === location.origin))
      .map(node => node.outerHTML.slice(0, 120)),
    refresh: document.querySelectorAll('meta[http-equiv]').length,
    addresses: [...document.querySelectorAll('a[href], area[href], form[action], link[href]')]
      .map(node => node.href || node.action).filter(text => !local.includes(new URL(text, location.href).protocol)),
  };
}"""
CLEAN = {"pwned": False, "handlers": [], "foreign": [], "refresh": 0, "addresses": []}


def visit(page, addresses):
    """What is wrong on each of the addresses."""
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 200, address
        found = page.evaluate(INSPECT)
        if found != CLEAN:
            wrong.append((address, found))
    return wrong


def lists(address):
    return [
        f"{address}/{path}"
        for path in (
            "",
            "search?size=200",
            "search?q=ferry&size=200&sort=date",
            "sites",
            "site/evil.example",
            "promotion",
            "changes?size=200",
            "runs",
            "runs/1?size=200",
            "runs/2",
        )
    ]


def test_a_hundred_payloads_in_eight_fields_run_nothing(browser, hostile):
    """Without the Content-Security-Policy, which would stop what is not escaped: escaping alone has to be enough."""
    assert len(PAYLOADS) == 100
    assert len(FIELDS) == 8
    with watched(browser, bypass_csp=True) as (page, seen):
        page.goto(f"{hostile}/search?size=200")
        names = page.locator("ol.hits h3 a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert len(names) == 100
        wrong = visit(page, [*lists(hostile), *(hostile + name for name in names)])
        wrong += visit(page, [f"{hostile}{name}/diff?from=1&to=2" for name in names[::10]])
    assert wrong == []
    assert seen.complaints == []
    assert seen.hosts == {"127.0.0.1"}


def test_every_payload_is_shown_as_it_was_written(page, hostile):
    page.goto(f"{hostile}/search?size=200")
    shown = set(page.locator("ol.hits h3").all_inner_texts())
    plain = [text for text in PAYLOADS if not any(mark in text for mark in "\x00\u2028")]
    assert {" ".join(f"{text} again".split()) for text in plain} <= {" ".join(text.split()) for text in shown}


def test_payloads_in_the_address_run_nothing(browser, hostile):
    with watched(browser, bypass_csp=True) as (page, seen):
        addresses = [f"{hostile}/search?q={quote(payload)}" for payload in PAYLOADS[::9]]
        for name in (
            "promotion?q=",
            "promotion?module=",
            "promotion?site=",
            "changes?q=",
            "changes?site=",
            "runs/1?host=",
            "search?section=",
        ):
            addresses += [f"{hostile}/{name}{quote(payload)}" for payload in PAYLOADS[::37]]
        wrong = visit(page, addresses)
    assert wrong == []
    assert seen.complaints == []


def test_the_tables_of_datasette_run_nothing(browser, hostile):
    """Its pages have scripts of their own, files of this server; what the archive holds is text there as well."""
    with watched(browser, bypass_csp=True) as (page, seen):
        wrong = visit(
            page, [f"{hostile}/archive/{name}?_size=100" for name in ("articles", "teaser", "placement", "run", "article_revision")]
        )
    assert wrong == []
    assert seen.hosts == {"127.0.0.1"}
    assert not [text for text in seen.complaints if "dialog" in text]


def test_our_pages_need_no_script_and_say_so(page, demo):
    for address in ("/", "/search?q=harbour", "/site/demo-news.example", "/promotion", "/changes", "/runs/1"):
        answer = page.goto(demo + address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page.locator("script, [style]").count() == 0


def test_a_script_that_gets_in_is_stopped_by_the_policy(browser, demo):
    with watched(browser) as (page, seen):
        page.goto(demo)
        page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '<img src=/nothing onerror={RUN}>')")
        page.evaluate(
            f"(() => {{ const node = document.createElement('script'); node.textContent = '{RUN}'; document.body.append(node); }})()"
        )
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.pwned") is None
    assert any("Content Security Policy" in text for text in seen.complaints)


def test_a_page_under_a_foreign_name_gets_nothing(browser, demo):
    port = demo.rpartition(":")[2]
    with watched(browser) as (page, _):
        answer = page.request.get(f"{demo}/search.json?q=harbour", headers={"Host": f"rebound.example:{port}"})
        assert answer.status == 400
        assert "harbour" not in answer.text()
        assert page.request.post(demo).status == 405
