"""A site's login is sent once, before the first page, with secrets from the environment; where it fails the site is left alone."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from loopback import Answer, Site, article_html, listing_html

PATHS = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(3)]
FORM = (
    '<html><body><form action="/search"><input name="q"></form><form action="/session" method="post">'
    '<input type="hidden" name="csrf" value="t0ken"><input name="user"><input name="pass" type="password"></form></body></html>'
)


class MembersSite(Site):
    """A site that also takes forms, and remembers what was sent."""

    def __init__(self, answer: Answer, form: str = FORM) -> None:
        pages = {path: Answer(article_html(i)) for i, path in enumerate(PATHS)}
        form_page = Answer(form, headers={"Set-Cookie": "first=1; Path=/"})
        robots = Answer("User-agent: *\nDisallow: /login\n")
        super().__init__({"/": Answer(listing_html(PATHS)), "/login": form_page, "/session": answer, "/robots.txt": robots, **pages})
        self.sent: list[dict[str, list[str]]] = []
        site = self

        def do_post(handler) -> None:
            body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
            site.sent.append(parse_qs(body))
            site.answer(handler)

        self.server.RequestHandlerClass.do_POST = do_post


def crawl(crawler, site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COURIER_PASSWORD", "open sesame")
    folder = crawler.folder / "sites"
    folder.mkdir()
    (folder / "courier.toml").write_text(
        f'domains = ["{site.allow}"]\nstart = ["{site.url}/"]\n[cookies]\nconsent = "all"\n[login]\nurl = "{site.url}/login"\n'
        '[login.fields]\nuser = "library"\npass = "${COURIER_PASSWORD}"\n',
        encoding="utf-8",
    )
    return crawler.crawl(site.url, allow=site.allow, options=("--sites", str(folder)))


def test_the_form_is_sent_once_and_its_cookies_go_with_every_page(crawler, monkeypatch):
    welcome = Answer(status=303, headers={"Location": "/", "Set-Cookie": "sid=abc123; HttpOnly; Path=/"})
    with MembersSite(welcome) as site:
        ran = crawl(crawler, site, monkeypatch)
    assert ran.code == 0, ran.err
    assert ran.outcomes["stored"] == 3
    assert site.sent == [{"csrf": ["t0ken"], "user": ["library"], "pass": ["open sesame"]}]
    sent = {path: headers.get("Cookie", "") for (path, _), headers in zip(site.requests, site.headers, strict=True)}
    assert {sent[path] for path in ("/", *PATHS)} == {"consent=all; first=1; sid=abc123"}
    assert site.paths.index("/session") < site.paths.index("/")
    assert crawler.verdicts()["login"] == "not_article"
    kept = crawler.archive.read_bytes() + (ran.out + ran.err).encode()
    assert b"sesame" not in kept
    assert b"abc123" not in kept


@pytest.mark.parametrize(
    ("answer", "form", "why"),
    [
        (Answer(FORM, headers={"Set-Cookie": "sid=none"}), FORM, "the site shows the form again"),
        (Answer(status=403), FORM, "the form was answered with HTTP 403"),
        (Answer(), "<html><body><p>No form here.</p></body></html>", "the page has no form with a field named 'user'"),
        (Answer(), FORM.replace("/session", "http://elsewhere.example/session"), "sends to elsewhere.example, which is none of"),
    ],
)
def test_a_site_whose_login_fails_is_left_for_the_next_run(crawler, monkeypatch, answer, form, why):
    with MembersSite(answer, form) as site:
        ran = crawl(crawler, site, monkeypatch)
    assert not {"/", *PATHS} & set(site.paths)
    assert "stored" not in ran.outcomes
    assert ran.outcomes["deferred"] >= 1
    assert any("login to courier failed" in note and why in note for note in ran.summary["notes"])
    assert "sesame" not in ran.out + ran.err
