"""What the web page refuses: scripts of pages, other hosts, other methods, writing, reading other files, taking all the time."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import httpx
import pytest
from archive_samples import PLAN, SITE, article
from export_samples import make_archive
from parsel import Selector
from serve_client import visit

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveReadOnly
from newsarchive.serve.application import WebPage
from newsarchive.serve.guard import DATASETTE_POLICY, OWN_POLICY


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("serve") / "archive.db")


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
