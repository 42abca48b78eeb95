"""What the web page refuses: scripts of pages, other hosts, other methods, writing, reading other files, taking all the time."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing

import httpx
import pytest
from archive_samples import PLAN, SITE, Clock, answer, article, next_run, teaser
from export_samples import make_archive
from parsel import Selector
from serve_client import visit
from serve_payloads import PAYLOADS

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveReadOnly
from newsarchive.model.outcome import Outcome
from newsarchive.serve.application import WebPage
from newsarchive.serve.guard import DATASETTE_POLICY, OWN_POLICY
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
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("serve") / "archive.db")


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
    from urllib.parse import quote

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


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://example.com",
        "data:text/html,x",
        "//example.com",
        "/x",
        "http:",
        "http://",
        " http://x",
        "http://[",
    ]
    + ["https:///x", "ftp://example.com", None],
)
def test_only_web_addresses_become_links(address):
    assert not is_web_address(address)


def test_addresses_of_pages_become_links():
    assert is_web_address("https://example.com/a?b=c#d")
    assert is_web_address("HTTP://EXAMPLE.COM")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "127.0.0.1@evil.example",
        "169.254.169.254",
    ],
)
def test_other_hosts_are_not_answered(archive, host):
    for answered in visit(archive, "/", "/archive", "/static/page.css", "/search.json", headers={"Host": host}):
        assert answered.status_code == 400
        assert "ferry" not in answered.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765", "[::1]", "news.example.org:443"])
def test_hosts_on_the_list_are_answered(archive, host):
    (answered,) = visit(archive, "/", headers={"Host": host}, hosts=("localhost", "127.0.0.1", "[::1]", "news.example.org"))
    assert answered.status_code == 200


def test_two_host_headers_are_refused(archive):
    (answered,) = visit(archive, "/", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert answered.status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_only_reading_methods_are_answered(archive, method):
    for answered in visit(archive, "/", "/archive", "/archive/articles", "/-/logout", method=method):
        assert answered.status_code == 405
        assert answered.headers["allow"] == "GET, HEAD"


def test_head_answers_as_get_without_a_body(archive):
    addresses = ("/", "/search?q=ferry", "/archive/articles", "/static/page.css", "/article/none")
    for head, get in zip(visit(archive, *addresses, method="HEAD"), visit(archive, *addresses), strict=True):
        assert (head.status_code, head.content) == (get.status_code, b"")


def test_every_answer_says_what_a_browser_may_do(archive):
    with open_archive(archive) as opened:
        name = opened.newest()[0].article_id
    own = [
        "/",
        "/search?q=ferry",
        f"/article/{name}",
        f"/article/{name}/diff",
        "/changes",
        "/promotion",
        "/runs",
        "/article/none",
        "/nothing",
        "/static/page.css",
    ]
    theirs = ["/archive", "/archive/articles", "/archive?sql=select+1", "/archive/nothing", "/archive?sql=wrong"]
    for addresses, policy in ((own, OWN_POLICY), (theirs, DATASETTE_POLICY)):
        for address, answered in zip(addresses, visit(archive, *addresses), strict=True):
            assert answered.headers.get_list("content-security-policy") == [policy], address
            assert answered.headers["x-content-type-options"] == "nosniff"
            assert answered.headers["referrer-policy"] == "no-referrer"
            assert "set-cookie" not in answered.headers
    assert "script" not in OWN_POLICY
    assert "unsafe" not in OWN_POLICY.replace("'none'", "")
    assert "script-src 'self'" in DATASETTE_POLICY


def test_no_page_has_a_script_or_a_style_in_it(archive):
    with open_archive(archive) as opened:
        name = opened.newest()[0].article_id
    for address in (
        "/",
        "/search?q=ferry",
        f"/article/{name}",
        f"/article/{name}/diff",
        "/changes",
        "/promotion",
        "/runs",
        "/runs/1",
        "/site/paper.example",
    ):
        page = Selector(visit(archive, address)[0].text)
        assert page.css("script, style, [style], img, iframe") == [], address
    for address in (
        "/archive",
        "/archive/articles",
        "/archive/articles?_facet=site",
        "/archive?sql=select+1",
        "/archive/removed-articles",
        "/archive/article/1",
    ):
        page = Selector(visit(archive, address)[0].text)
        scripts = page.css("script")
        assert [script for script in scripts if not script.attrib.get("src", "").startswith(("/static/", "/-/static/"))] == [], address


def test_every_address_in_a_page_is_of_this_server(archive):
    for address in ("/", "/search?q=ferry", "/archive", "/archive/articles", "/promotion"):
        page = Selector(visit(archive, address)[0].text)
        loaded = page.css("link:not([rel=alternate])::attr(href), script::attr(src), img::attr(src)").getall()
        assert loaded
        assert [one for one in loaded if not one.startswith("/") or one.startswith("//")] == []
        assert {answered.status_code for answered in visit(archive, *(one for one in loaded if ".json" not in one))} == {200}


def test_cookies_and_credentials_are_not_looked_at(archive):
    (answered,) = visit(archive, "/archive", headers={"Cookie": "ds_actor=x; ds_messages=y", "Authorization": "Bearer x"})
    assert answered.status_code == 200
    assert "set-cookie" not in answered.headers


def test_a_raw_page_is_saved_and_never_shown(archive):
    with open_archive(archive) as opened:
        name = opened.article(f"{SITE}/plain").article_id
        body, at = opened.raw_page(name), opened.captures(name)[-1].fetched_at
    newest, older, none = visit(archive, f"/article/{name}/raw", f"/article/{name}/raw?at={at}", f"/article/{name}/raw?at=2000-01-01")
    assert newest.content == body
    assert older.content != body
    assert newest.headers["content-type"] == "application/octet-stream"
    assert newest.headers["content-disposition"] == f'attachment; filename="{name}.page"'
    assert newest.headers["x-content-type-options"] == "nosniff"
    assert none.status_code == 404


def test_a_page_whose_publisher_objects_is_not_handed_out(tmp_path):
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/kept", opt_outs=("noarchive",))], run)
    with open_archive(tmp_path / "a.db") as opened:
        name = opened.newest()[0].article_id
    page, raw, sql = visit(tmp_path / "a.db", f"/article/{name}", f"/article/{name}/raw", "/archive.json?sql=select+data+from+raw")
    assert "/raw" not in page.text
    assert raw.status_code == 404
    assert sql.json()["rows"] == [[None]]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from article", "update article set title=1", "insert into article(id) values(1)", "drop table article", "create table x(y)",
        "attach database '/tmp/x.db' as y", "vacuum into '/tmp/x.db'", "pragma query_only=0",
        "pragma journal_mode=delete", "begin", "reindex",
        "select load_extension('x')", "select * from pragma_database_list", "select 1; delete from article", "explain delete from article",
        "with x as (select 1) delete from article", "select writefile('/tmp/x', 'y')", "select readfile('/etc/passwd')", "select edit('x')",
        "select * from pragma_query_only", "with x(y) as (select 1) insert into article(id) select y from x", "select zeroblob(2000000000)",
        "select randomblob(1000000000)", "select * from pragma_journal_mode", "select * from pragma_compile_options",
    ],
)  # fmt: skip
def test_sql_only_reads_the_archive(archive, sql):
    before = archive.read_bytes()
    page, answered = visit(archive, f"/archive?sql={httpx.QueryParams({'q': sql})['q']}", httpx.URL("/archive.json", params={"sql": sql}))
    assert answered.status_code == 400, answered.text[:300]
    assert page.status_code == 400
    assert str(archive) not in page.text + answered.text
    assert archive.read_bytes() == before


def test_sql_that_takes_too_long_is_ended(archive):
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    (answered,) = visit(archive, httpx.URL("/archive.json", params={"sql": endless}))
    assert answered.status_code == 400
    assert "interrupted" in answered.text.lower()


def test_a_page_that_takes_too_long_is_ended(archive, monkeypatch):
    from newsarchive.serve import answers
    from newsarchive.serve.readers import Readers
    from newsarchive.serve.view import View

    def read(opened, asked):
        return opened.connection.execute(
            "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
        ).fetchone()

    monkeypatch.setattr(answers, "PAGE_SECONDS", 0.05)
    with closing(Readers(archive)) as readers:
        answered = answers.answer(View(name="home", route="/", read=read), readers, "/", "", {})
        assert answered.status == 503
        assert "too long" in answered.body
        assert len(readers.archive()) == 8


def test_nothing_can_be_opened_for_writing(archive):
    with closing(WebPage(archive)) as page:
        database = page.datasette.get_database("archive")
        with pytest.raises(ArchiveReadOnly):
            database.connect(write=True)
        connection = database.connect()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM article")


def test_administration_pages_of_datasette_are_not_there(archive):
    addresses = (
        "/-/databases.json",
        "/-/metadata",
        "/-/settings",
        "/-/plugins",
        "/-/actor",
        "/-/threads",
        "/-/auth-token",
        "/-/permissions",
        "/-/allow-debug",
    )
    for answered in visit(archive, *addresses, "/archive.db", "/_internal", "/_memory", "/:memory:"):
        assert answered.status_code in (301, 302, 403, 404)
        assert str(archive) not in answered.text


@pytest.mark.parametrize(
    "path", ["/static/../plugin.py", "/static/%2e%2e/plugin.py", "/static/..%2fplugin.py", "/-/static/../../app.py", "/static//etc/passwd"]
)
def test_only_its_own_files_are_served(archive, path):
    async def ask():
        with closing(WebPage(archive)) as page:
            sent = []
            scope = {
                "type": "http",
                "method": "GET",
                "path": httpx.URL(path).path,
                "raw_path": path.encode(),
                "query_string": b"",
                "headers": [(b"host", b"localhost")],
                "scheme": "http",
                "http_version": "1.1",
            }

            async def send(message):
                sent.append(message)

            await page.application(scope, None, send)
            return sent

    sent = asyncio.run(ask())
    assert sent[0]["status"] in (302, 404)
    assert b"import" not in b"".join(message.get("body", b"") for message in sent)


def test_a_path_with_signs_is_opened_as_it_is_spelled(archive, tmp_path):
    odd = tmp_path / "a?mode=rwc#b%41 c.db"
    odd.write_bytes(archive.read_bytes())
    pages = visit(odd, "/", "/archive/articles")
    assert {page.status_code for page in pages} == {200}
    assert [path.name for path in tmp_path.glob("a*") if not path.name.startswith(odd.name)] == []
