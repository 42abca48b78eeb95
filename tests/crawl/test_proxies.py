"""A site's proxy gets every request of the site, and is never asked for what the crawl itself may not connect to."""

from __future__ import annotations

import base64

from loopback import Answer, Site, article_html, listing_html

STORY = "/2026/03/04/ferry-landing-reopens-in-march"


def profile(crawler, text: str) -> str:
    """A folder with one profile."""
    folder = crawler.folder / "sites"
    folder.mkdir()
    (folder / "paper.toml").write_text(text, encoding="utf-8")
    return str(folder)


def crawl(crawler, url: str, proxy: Site, folder: str, *options: str):
    return crawler.crawl(url, options=("--allow-address", proxy.allow, "--sites", folder, "--contact", "a@library.example.org", *options))


def test_every_request_of_the_site_goes_through_its_proxy(crawler, monkeypatch):
    monkeypatch.setenv("PAPER_PROXY_PASSWORD", "open sesame")
    pages = {
        "http://paper.example/robots.txt": Answer("User-agent: *\nDisallow: /private\n"),
        "http://paper.example/": Answer(listing_html([STORY, "/private/ferry-landing-is-a-secret-now"])),
        f"http://paper.example{STORY}": Answer(article_html(1)),
    }
    with Site(pages) as proxy:
        address = f"http://us%65r:${{PAPER_PROXY_PASSWORD}}@{proxy.allow}"
        folder = profile(crawler, f'domains = ["paper.example"]\nstart = ["http://paper.example/"]\nproxy = "{address}"\n')
        ran = crawl(crawler, "http://paper.example/", proxy, folder, "--connect-to", "paper.example:80:127.0.0.1:9")
    assert ran.code == 0, ran.err
    assert ran.outcomes["stored"] == 1
    assert ran.outcomes["robots"] == 1
    assert set(proxy.paths) >= set(pages)
    assert all(path.startswith("http://paper.example/") for path in proxy.paths)
    expected = "Basic " + base64.b64encode(b"user:open sesame").decode()
    assert {headers.get("Proxy-Authorization") for headers in proxy.headers} == {expected}
    assert "sesame" not in ran.out + ran.err
    assert b"sesame" not in crawler.archive.read_bytes()


def test_a_tunnel_is_asked_of_the_proxy_and_of_nobody_else(crawler):
    with Site({"paper.example:443": Answer(status=403)}) as proxy, Site({}) as paper:
        proxy.server.RequestHandlerClass.do_CONNECT = proxy.server.RequestHandlerClass.do_GET
        folder = profile(crawler, f'domains = ["paper.example"]\nproxy = "http://{proxy.allow}"\n')
        ran = crawl(crawler, "https://paper.example/", proxy, folder, "--connect-to", f"paper.example:443:{paper.allow}")
    assert set(proxy.paths) == {"paper.example:443"}
    assert paper.paths == []
    assert "stored" not in ran.outcomes


def test_a_proxy_is_not_asked_for_private_addresses(crawler):
    with Site({}) as proxy:
        folder = profile(crawler, f'domains = ["localhost", "10.0.0.7"]\nstart = ["http://localhost/"]\nproxy = "http://{proxy.allow}"\n')
        for url in ("http://localhost/", "http://10.0.0.7/"):
            ran = crawl(crawler, url, proxy, folder)
            assert ran.outcomes.keys() & {"blocked_address", "deferred"}, ran.out
            assert "stored" not in ran.outcomes
    assert proxy.paths == []


def test_a_host_that_cannot_be_looked_up_is_not_handed_to_the_proxy(crawler):
    with Site({}) as proxy:
        folder = profile(crawler, f'domains = ["paper.invalid"]\nproxy = "http://{proxy.allow}"\n')
        ran = crawl(crawler, "http://paper.invalid/", proxy, folder)
    assert proxy.paths == []
    assert "stored" not in ran.outcomes


def test_a_private_proxy_must_be_allowed_and_the_site_is_not_asked_without_it(crawler):
    with Site({"/": Answer(listing_html([STORY]))}) as paper, Site({}) as proxy:
        folder = profile(crawler, f'domains = ["{paper.allow}"]\nstart = ["{paper.url}/"]\nproxy = "http://{proxy.allow}"\n')
        ran = crawler.crawl(paper.url, allow=paper.allow, options=("--sites", folder))
    assert ran.code == 4
    assert paper.paths == []
    assert proxy.paths == []
