"""Captures that arrive in any order make the same line of texts, and nothing newer is overwritten."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.forget import Request, addresses_of, forget
from newsarchive.archive.importing import Importer
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.teaser import Teaser

URL = "https://quayside.example/news/ferry"
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def moment(day: float) -> datetime:
    return START + timedelta(days=day)


def day_of(text: str) -> float:
    return (datetime.fromisoformat(text) - START) / timedelta(days=1)


def shown(text: str, day: float, *, url: str = URL, flags: tuple[str, ...] = (), teasers: tuple[str, ...] = ()) -> Capture:
    """A capture of the article with a text on a day."""
    promoted = [Teaser(title=title, url=f"https://quayside.example/{title}", position=n, kind="related") for n, title in enumerate(teasers)]
    article = Article(url=url, title="The ferry", body_blocks=[BodyBlock(kind="paragraph", text=f"It says {text}.")], teasers=promoted)
    page = Page(
        url=url, body=f"<html>{text} {' '.join(teasers)}</html>".encode(), fetched_at=moment(day), headers={"content-type": "text/html"}
    )
    return Capture(url=url, outcome=Outcome.STORED, page=page, extraction=Extraction(article=article, flags=list(flags)), keep_raw=True)


def answered(status: int, day: float, **headers: str) -> Capture:
    outcome = Outcome.REDIRECTED if status < 400 else Outcome.HTTP_4XX
    from newsarchive.model.candidate import Candidate

    found = (Candidate(url=headers["location"], found_by="redirect"),) if "location" in headers else ()
    return Capture(
        url=URL, outcome=outcome, page=Page(url=URL, body=b"", status=status, headers=headers, fetched_at=moment(day)), candidates=found
    )


def take_in(store: Store, captures: Iterable[Capture], name: str = "a") -> list[Outcome]:
    run = store.begin_run({"job": "import", "sources": [name]}, [])
    importer = Importer(store, run.id)
    outcomes = [importer.save([capture], lambda outcomes: {})[0] for capture in captures]
    store.finish_run(run.id, "finished", "finished")
    return outcomes


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "archive.db", clock=lambda: NOW) as opened:
        yield opened


def line(store: Store) -> list[tuple[str, float, float | None]]:
    """Text, first and last day of each text of the article, oldest first."""
    rows = store.connection.execute("SELECT body, first_seen, replaced_at FROM revisions ORDER BY seq").fetchall()
    return [(row[0][8:-1], day_of(row[1]), day_of(row[2]) if row[2] else None) for row in rows]


def expected(captures: list[tuple[str, float]]) -> list[tuple[str, float, float | None]]:
    """What the line is, by its definition: neighbours that are equal are one text."""
    found: list[tuple[str, float, float | None]] = []
    for text, group in itertools.groupby(sorted(captures, key=lambda item: item[1]), key=lambda item: item[0]):
        day = next(group)[1]
        if found:
            found[-1] = (*found[-1][:2], day)
        found.append((text, day, None))
    return found


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.sampled_from("ABC"), min_size=1, max_size=7), chance=st.randoms(use_true_random=False), schemes=st.integers(0, 127)
)
def test_the_line_of_texts_is_the_same_in_whatever_order_captures_arrive(tmp_path_factory, texts, chance, schemes):
    captures = [(text, float(day)) for day, text in enumerate(texts)]
    arriving = chance.sample(captures, len(captures))
    path = tmp_path_factory.mktemp("order") / "archive.db"
    with Store(path, clock=lambda: NOW) as store:
        addresses = [URL if schemes >> day & 1 else URL.replace("https", "http") for day in range(len(texts))]
        take_in(store, [shown(text, day, url=addresses[int(day)]) for text, day in arriving])
        assert line(store) == expected(captures), arriving
        assert store.connection.execute("SELECT source_url FROM article").fetchall()[0][0].startswith("http")
        row = store.connection.execute("SELECT revisions, first_seen, last_seen FROM article").fetchone()
        assert (row[0], day_of(row[1]), day_of(row[2])) == (len(expected(captures)), 0.0, float(len(texts) - 1))
    assert verify(path).is_sound


def test_all_orders_of_a_change_and_back(tmp_path):
    captures = [("A", 0.0), ("B", 1.0), ("A", 2.0), ("C", 3.0)]
    for number, order in enumerate(itertools.permutations(captures)):
        with Store(tmp_path / f"{number}.db", clock=lambda: NOW) as store:
            take_in(store, [shown(*item) for item in order])
            assert line(store) == expected(captures), order


def test_an_older_capture_never_replaces_the_newest_text(store):
    assert take_in(store, [shown("new", 10)]) == [Outcome.STORED]
    assert take_in(store, [shown("old", 5)], "b") == [Outcome.UPDATED]
    assert store.connection.execute("SELECT body FROM article").fetchone()[0] == "It says new."
    assert line(store) == [("old", 5, 10), ("new", 10, None)]
    assert store.counts(2) == {"updated": {"an older text": 1}}


def test_an_equal_older_capture_is_provenance(store):
    take_in(store, [shown("same", 10)])
    assert take_in(store, [shown("same", 5)], "b") == [Outcome.UNCHANGED]
    assert line(store) == [("same", 5, None)]
    assert store.connection.execute("SELECT count(*) FROM fetch").fetchone()[0] == 2
    assert store.connection.execute("SELECT count(*) FROM raw").fetchone()[0] == 1


def test_the_same_capture_again_adds_nothing(store):
    captures = [shown("one", 1, teasers=("Pier",)), shown("two", 2), answered(404, 0.5)]
    take_in(store, captures)
    tables = ("fetch", "article", "article_revision", "raw", "teaser", "placement", "frontier")
    before = [store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
    assert take_in(store, captures, "b") == [Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.HTTP_4XX]
    assert [store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == before


def test_what_another_reader_makes_of_a_page_is_no_edit(store):
    take_in(store, [shown("read well", 10)])
    assert take_in(store, [shown("read by a profile", 5, flags=("profile:0123abcd",))], "b") == [Outcome.UNCHANGED]
    assert store.connection.execute("SELECT revisions FROM article").fetchone()[0] == 1
    assert [row[0] for row in store.connection.execute("SELECT reason FROM article_revision")] == ["extractor"]


def test_two_captures_of_one_second_are_one_moment(store):
    assert take_in(store, [shown("A", 1), shown("B", 1)]) == [Outcome.STORED, Outcome.UNCHANGED]
    assert line(store) == [("A", 1, None)]


def test_an_older_capture_does_not_bring_a_lost_article_back(store):
    take_in(store, [shown("text", 1), answered(410, 20), shown("text", 10), shown("other", 12)])
    assert store.connection.execute("SELECT gone_at FROM article").fetchone()[0] == "2026-03-21T00:00:00Z"
    take_in(store, [shown("other", 30)], "b")
    assert store.connection.execute("SELECT gone_at FROM article").fetchone()[0] is None


def test_an_older_404_does_not_lose_an_article(store):
    assert take_in(store, [shown("text", 10), answered(404, 5), answered(404, 11)]) == [Outcome.STORED, Outcome.HTTP_4XX, Outcome.MISSING]
    assert store.connection.execute("SELECT missing_since FROM article").fetchone()[0] == "2026-03-12T00:00:00Z"


def test_an_older_capture_never_says_where_an_address_leads(store):
    target = "https://quayside.example/news/ferry-moved"
    take_in(store, [answered(301, 20, location=target), answered(301, 5, location="https://quayside.example/elsewhere"), shown("text", 10)])
    assert [tuple(row) for row in store.connection.execute("SELECT url, target FROM redirect")] == [(URL, target)]
    take_in(store, [shown("text", 30)], "b")
    assert store.connection.execute("SELECT count(*) FROM redirect").fetchone()[0] == 0


def test_what_was_removed_on_request_does_not_come_back(store):
    take_in(store, [shown("secret", 1)])
    forget(store, addresses_of(store, URL), Request("court order"))
    assert take_in(store, [shown("secret", 2), shown("secret", 1)], "b") == [Outcome.FORGOTTEN, Outcome.FORGOTTEN]
    for table in ("article", "fetch", "raw", "frontier"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
    assert [row[0][:10] for row in store.connection.execute("SELECT url FROM outcome")] == ["forgotten:"]


def test_teasers_of_older_captures_move_when_they_were_first_seen(store):
    take_in(store, [shown("text", 10, teasers=("Pier", "Mill")), shown("text", 5, teasers=("Pier",))])
    rows = store.connection.execute("SELECT title, first_seen, last_seen FROM teaser ORDER BY title").fetchall()
    assert [(row[0], day_of(row[1]), day_of(row[2])) for row in rows] == [("Mill", 10, 10), ("Pier", 5, 10)]


def test_other_addresses_of_an_article_are_duplicates(store):
    other = shown("another wording", 5, url=URL + "?page=1")
    assert other.extraction is not None
    named = replace(other.extraction, article=replace(other.extraction.article, canonical_url=URL))
    assert take_in(store, [shown("text", 10), replace(other, extraction=named)]) == [Outcome.STORED, Outcome.DUPLICATE]
    assert line(store) == [("text", 10, None)]


def test_links_are_not_queued_and_a_crawl_knows_the_article(store):
    take_in(store, [shown("text", 1)])
    rows = store.connection.execute("SELECT url, state, found_by, last_outcome FROM frontier").fetchall()
    assert [tuple(row) for row in rows] == [(URL, "done", "import", "stored")]
    run = store.begin_run({"revisit": "due"}, ["https://quayside.example/"])
    assert store.frontier.add_known(run.id, "due", lambda host: True) == 1


def test_a_crawl_that_waits_for_an_address_is_not_disturbed(store):
    from newsarchive.model.candidate import Candidate

    run = store.begin_run({"revisit": "due"}, ["https://quayside.example/"])
    store.frontier.add([Candidate(url=URL)], run.id)
    store.finish_run(run.id, "interrupted", "interrupted")
    take_in(store, [shown("text", 1)])
    assert [tuple(row) for row in store.connection.execute("SELECT state, run_id FROM frontier")] == [("queued", run.id)]
    assert store.begin_run({"revisit": "due"}, ["https://quayside.example/"]).id == run.id
