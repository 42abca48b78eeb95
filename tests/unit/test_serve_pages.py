"""The web page's home, search, article and comparison, as HTML, JSON and CSV."""

from __future__ import annotations

import csv
import io
import shutil
from contextlib import closing

import pytest
from archive_samples import PLAN, SITE, Clock, article, next_run, teaser
from export_samples import make_archive
from first_archive import first_archive
from parsel import Selector
from serve_client import visit

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.errors import NotAnArchive, NotInArchive
from newsarchive.model.article import BodyBlock
from newsarchive.serve.views.article import TextNote


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("serve") / "archive.db")


@pytest.fixture(scope="module")
def plain(archive):
    with open_archive(archive) as opened:
        return opened.article(f"{SITE}/plain").article_id


def words(answer, css):
    return [" ".join("".join(part.css("*::text").getall()).split()) for part in Selector(answer.text).css(css)]


def test_home_says_what_is_in_the_archive(archive):
    (home,) = visit(archive, "/")
    assert home.status_code == 200
    assert words(home, "h1") == ["8 articles of 1 site"]
    assert words(home, "th[scope=row]") == ["paper.example"]
    assert len(Selector(home.text).css(".runs li")) == 2
    assert words(home, ".hits h3")[0] == "Noon bells"


def test_home_of_an_empty_archive_says_so(tmp_path):
    with Store(tmp_path / "a.db"):
        pass
    answers = visit(tmp_path / "a.db", "/", "/search", "/search?q=x", "/home.json", "/home.csv", "/archive", "/archive/articles")
    assert [answer.status_code for answer in answers] == [200] * 7
    assert words(answers[0], "h1") == ["No articles yet"]


def test_a_missing_archive_is_said_before_anything_is_served(tmp_path):
    with pytest.raises(NotInArchive):
        visit(tmp_path / "none.db", "/")
    (tmp_path / "other.db").write_bytes(b"something else, which is longer than a header" * 5)
    with pytest.raises(NotAnArchive):
        visit(tmp_path / "other.db", "/")


def test_an_archive_that_disappears_is_an_error_page_and_comes_back(archive, tmp_path):
    from newsarchive.serve.answers import answer
    from newsarchive.serve.readers import Readers
    from newsarchive.serve.views import home

    place = tmp_path / "a.db"
    shutil.copy(archive, place)
    with closing(Readers(place)) as readers:
        assert answer(home.VIEW, readers, "/", "", {}).status == 200
        place.rename(tmp_path / "b.db")
        assert answer(home.VIEW, readers, "/", "", {}).status == 404
        with Store(place):
            pass
        assert "No articles yet" in answer(home.VIEW, readers, "/", "", {}).body


def test_search_takes_the_words_and_filters_of_the_command(archive):
    addresses = ("/search?q=ferry", "/search?q=title:ferry+-costs&section=town", "/search?q=ferry&since=2026-05-05", "/search")
    answers = visit(archive, *addresses)
    assert [words(answer, "#count")[0].partition(",")[0] for answer in answers] == ["7 articles", "3 articles", "3 articles", "8 articles"]
    with open_archive(archive) as opened:
        assert [" ".join(hit.title.split()) for hit in opened.search("ferry", 20)] == words(answers[0], ".hits h3")


def test_words_found_are_marked_in_the_snippets(archive):
    (answer,) = visit(archive, "/search?q=minded")
    assert set(words(answer, ".snippet mark")) == {"minded"}
    assert len(words(answer, ".snippet mark")) == 8


def test_facets_count_what_is_found_and_lead_to_it(archive):
    (answer,) = visit(archive, "/search.json?q=ferry")
    facets = {facet["name"]: facet for facet in answer.json()["facets"]}
    assert {name: [(row["key"], row["articles"]) for row in facet["rows"]] for name, facet in facets.items()} == {
        "site": [("paper.example", 7)],
        "section": [("Town", 3)],
        "month": [("2026-05", 7)],
        "author": [("Calder, Ruth; Smith", 3), ("Ivo Penhale", 3)],
        "language": [("en-GB", 6), ("ja", 1)],
    }
    assert facets["section"]["unnamed"] == 4
    for facet in facets.values():
        for row in facet["rows"]:
            (narrowed,) = visit(archive, row["address"].replace("/search?", "/search.json?"))
            assert narrowed.json()["total"] == row["articles"], row


def test_a_chosen_facet_can_be_taken_away(archive):
    (answer,) = visit(archive, "/search?q=ferry&section=Town&since=2026-05&until=2026-05")
    chips = Selector(answer.text).css(".chips a")
    assert [chip.attrib["href"] for chip in chips] == [
        "/search?q=ferry&since=2026-05&until=2026-05",
        "/search?q=ferry&section=Town&until=2026-05",
        "/search?q=ferry&section=Town&since=2026-05",
    ]


def test_pages_of_hits_follow_each_other_and_miss_none(archive):
    answers = visit(archive, *(f"/search?q=ferry&size=3&page={page}" for page in (1, 2, 3)))
    shown = [words(answer, ".hits h3") for answer in answers]
    assert [len(titles) for titles in shown] == [3, 3, 1]
    assert len({title for titles in shown for title in titles}) == 7
    assert [Selector(answer.text).css("a[rel=next]").attrib.get("href") for answer in answers] == [
        "/search?q=ferry&size=3&page=2",
        "/search?q=ferry&size=3&page=3",
        None,
    ]


def test_a_page_beyond_the_last_is_the_last(archive):
    (answer,) = visit(archive, "/search?q=ferry&page=90")
    assert len(words(answer, ".hits h3")) == 7


def test_csv_of_a_search_cannot_be_run_by_a_spreadsheet(archive):
    (answer,) = visit(archive, "/search.csv?q=ferry")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 7
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert answer.headers["content-disposition"] == 'attachment; filename="search.csv"'


@pytest.mark.parametrize(
    "address",
    ["/search?page=0", "/search?page=x", "/search?since=soon", "/search?sort=size", "/search?time_zone=Mars", "/search?size=9999"],
)
def test_what_cannot_be_asked_is_said(archive, address):
    answer, as_json = visit(archive, address, address.replace("?", ".json?"))
    assert (answer.status_code, as_json.status_code) == (400, 400)
    assert as_json.json()["ok"] is False
    assert as_json.json()["detail"] in words(answer, ".lead")[0]


def test_more_parameters_than_anybody_needs_are_refused(archive):
    (answer,) = visit(archive, "/search?" + "&".join(f"site={number}" for number in range(500)))
    assert answer.status_code == 400


def test_any_words_are_a_search(archive):
    typed = ['"', "((", "NEAR(", "a OR", "-", "*", "title:", "%00", "%F0%9F%92%A9", "%FF%FE", "' OR 1=1 --", "x" * 9000]
    answers = visit(archive, *(f"/search?q={text.replace(' ', '+').replace('#', '')}" for text in typed))
    assert {answer.status_code for answer in answers} == {200}


def test_an_article_is_shown_for_reading(archive, plain):
    (answer,) = visit(archive, f"/article/{plain}")
    assert words(answer, "article h1") == ["The ferry is very late"]
    assert words(answer, "article > p") == ["The water came at noon.", "Nobody minded on day 1."]
    assert "og-title" in words(answer, ".about")[0]
    assert len(words(answer, ".texts li")) == 2
    assert any("Boats" in text for text in words(answer, "section[aria-labelledby=teasers] td"))


def test_blocks_of_a_body_keep_their_kinds(tmp_path):
    blocks = [
        BodyBlock("paragraph", "Before."), BodyBlock("heading", "A heading"), BodyBlock("list_item", "one"), BodyBlock("list_item", "two"),
        BodyBlock("quote", "Quoted."), BodyBlock("caption", "A picture"), BodyBlock("preformatted", "x = 1"),
        BodyBlock("table_row", "a | b"), BodyBlock("table_row", "c | d"),
    ]  # fmt: skip
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        capture = article("/kinds")
        object.__setattr__(capture.extraction.article, "body_blocks", blocks)
        capture.extraction.article.__post_init__()
        store.save([capture], run)
    with open_archive(tmp_path / "a.db") as opened:
        name = opened.newest()[0].article_id
    (answer,) = visit(tmp_path / "a.db", f"/article/{name}")
    assert words(answer, ".reading h2") == ["A heading"]
    assert words(answer, ".reading ul li") == ["one", "two"]
    assert words(answer, ".reading blockquote") == ["Quoted."]
    assert words(answer, ".reading pre") == ["x = 1"]
    assert words(answer, ".reading .rows p") == ["a | b", "c | d"]


def test_the_beginning_of_an_id_and_an_address_lead_to_the_article(archive, plain):
    answers = visit(
        archive, f"/article/{plain[:8]}", f"/article?url={SITE}/plain", "/article", "/article/0000000000000000", "/article/%2e%2e"
    )
    assert [answer.status_code for answer in answers] == [302, 302, 400, 404, 404]
    assert {answer.headers["location"] for answer in answers[:2]} == {f"/article/{plain}"}


def test_the_article_s_json_has_everything(archive, plain):
    (answer,) = visit(archive, f"/article/{plain}.json")
    record = answer.json()
    with open_archive(archive) as opened:
        assert record["found"]["body"] == opened.article(plain).article.body
    assert [text["seq"] for text in record["texts"]] == [1, 2]
    assert record["origin"]["identity"] == f"{SITE}/plain"


def test_two_texts_stand_side_by_side_with_the_words_that_changed(archive, plain):
    answer, other = visit(archive, f"/article/{plain}/diff", f"/article/{plain}/diff?from=1&to=1")
    row = Selector(answer.text).css("tr.title td")
    assert [" ".join("".join(cell.css("*::text").getall()).split()) for cell in row] == ["The ferry is late", "The ferry is very late"]
    assert words(answer, ".title ins") == ["very"]
    assert other.status_code == 200
    wrong = visit(archive, f"/article/{plain}/diff?from=7", f"/article/{plain}/diff?from=x")
    assert [answer.status_code for answer in wrong] == [404, 400]


def test_unchanged_paragraphs_far_from_a_change_are_folded(tmp_path):
    body = [f"Paragraph number {number} says its own thing." for number in range(9)]
    clock = Clock()
    with Store(tmp_path / "a.db", clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/long", body=body)], run)
        clock.move(days=1)
        run = next_run(store, run)
        store.save([article("/long", body=[*body[:-1], "The last one is another."], at=clock.now)], run)
    with open_archive(tmp_path / "a.db") as opened:
        name = opened.newest()[0].article_id
    page, table = visit(tmp_path / "a.db", f"/article/{name}/diff", f"/article/{name}/diff.csv")
    assert words(page, ".folded summary") == ["7 unchanged paragraphs"]
    assert len(list(csv.reader(io.StringIO(table.text)))) == 1 + 1 + 10


def test_copies_on_other_sites_are_named(tmp_path):
    body = ["The harbour was closed at noon because the fog came in from the sea and stayed until evening."] * 4
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/story", body=body), article("https://other.example/story", body=body), article("/else")], run)
    with open_archive(tmp_path / "a.db") as opened:
        name = opened.article(f"{SITE}/story").article_id
    (answer,) = visit(tmp_path / "a.db", f"/article/{name}.json")
    assert [copy["site"] for copy in answer.json()["copies"]] == ["other.example"]


def test_promotions_are_shown_in_both_directions(tmp_path):
    shown = [teaser("Told", url=f"{SITE}/told"), teaser("Not archived", 1)]
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/told", "Told"), article("/page", teasers=shown)], run)
    with open_archive(tmp_path / "a.db") as opened:
        told, page = (opened.article(SITE + path).article_id for path in ("/told", "/page"))
    of_told, of_page, table = visit(tmp_path / "a.db", f"/article/{told}", f"/article/{page}", f"/article/{page}.csv")
    assert f"/article/{page}" in Selector(of_told.text).css("section[aria-labelledby=promoted] a::attr(href)").getall()
    assert f"/article/{told}" in Selector(of_page.text).css("section[aria-labelledby=teasers] a::attr(href)").getall()
    assert [row["direction"] for row in csv.DictReader(io.StringIO(table.text))] == ["promotes", "promotes"]


@pytest.mark.parametrize(("kind", "begins"), [("bibtex", "@article{newsarchive-"), ("ris", "TY  - NEWS"), ("csl", "[")])
def test_citations_are_files(archive, plain, kind, begins):
    answer, wrong = visit(archive, f"/article/{plain}/cite/{kind}", f"/article/{plain}/cite/other")
    assert answer.text.startswith(begins)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert wrong.status_code == 404


def test_every_page_names_its_other_forms(archive, plain):
    for address in ("/", "/search?q=ferry", f"/article/{plain}", f"/article/{plain}/diff"):
        (page,) = visit(archive, address)
        links = [link for link in Selector(page.text).css(".formats a::attr(href)").getall() if ".csv" in link or ".json" in link]
        answers = visit(archive, *links)
        assert [answer.status_code for answer in answers] == [200, 200], address


def test_saved_queries_answer(archive):
    from newsarchive.serve.questions import QUESTIONS

    given = "site=paper.example&since=2000-01-01&host=paper.example&run=1"
    answers = visit(archive, *(f"/archive/{name}.json?{given}&_shape=objects" for name in QUESTIONS))
    found = {name: answer.json() for name, answer in zip(QUESTIONS, answers, strict=True)}
    assert [name for name, answer in found.items() if not answer["ok"]] == []
    assert found["silent-headline-changes"]["rows"][0]["after"] == "The ferry is very late"
    assert {row["author"] for row in found["authors-of-a-site"]["rows"]} == {"Ivo Penhale", "Calder, Ruth; Smith"}
    assert found["failed-addresses"]["ok"]
    assert found["removed-articles"]["rows"][0]["title"] == "Noon bells"
    assert found["most-promoted"]["rows"][0]["title"] == "Boats"


def test_names_of_articles_are_links_on_datasette_s_pages(archive, plain):
    (answer,) = visit(archive, "/archive/articles?_size=20")
    assert f"/article/{plain}" in Selector(answer.text).css("td a::attr(href)").getall()


def test_names_of_saved_queries_hide_no_table(archive):
    from newsarchive.serve.questions import QUESTIONS

    with open_archive(archive) as opened:
        names = {row[0] for row in opened.connection.execute("SELECT name FROM sqlite_master")}
    assert not names & set(QUESTIONS)


def test_an_archive_of_the_first_version_is_shown_and_stays_as_it_is(tmp_path):
    path = first_archive(tmp_path / "a.db")
    before = path.read_bytes()
    with open_archive(path) as opened:
        name = opened.newest()[0].article_id
    wanted = ["/", "/search?q=harbour", f"/article/{name}", "/sites", "/promotion", "/changes", "/runs", "/runs/1", "/archive/articles"]
    pages = visit(path, *wanted)
    assert {address: page.status_code for address, page in zip(wanted, pages, strict=True) if page.status_code != 200} == {}
    assert path.read_bytes() == before


def test_a_page_is_of_one_moment_and_keeps_no_crawl_waiting(tmp_path):
    from newsarchive.serve.answers import answer
    from newsarchive.serve.readers import Readers
    from newsarchive.serve.view import View

    seen = []
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/first")], run)

        def read(archive, _asked):
            seen.append(len(archive))
            store.save([article(f"/more-{len(seen)}")], run)
            seen.append(len(archive))
            return TextNote(seq=1, reason=None, first_seen="", replaced_at=None, title=None)

        with closing(Readers(tmp_path / "a.db")) as readers:
            for _ in range(2):
                assert answer(View(name="x", route="/x", read=read), readers, "/x.json", "", {"format": "json"}).status == 200
    assert seen == [1, 1, 2, 2]


def test_an_article_leads_to_others_of_its_author_and_section(archive, plain):
    with open_archive(archive) as opened:
        other = opened.article(f"{SITE}/formula").article_id
    (page,) = visit(archive, f"/article/{other}")
    links = Selector(page.text).css(".kicker a, .byline a").xpath("@href").getall()
    assert links[1:] == [
        "/search?site=paper.example&section=Town",
        "/search?author=Ivo%20Penhale",
        "/search?author=Calder%2C%20Ruth%3B%20Smith",
    ]
    assert [words(answer, "#count")[0].partition(",")[0] for answer in visit(archive, *links[1:])] == ["3 articles"] * 3
