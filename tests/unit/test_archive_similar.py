"""The same story is found again under other headlines, cut, framed and edited; other stories stay apart."""

from __future__ import annotations

import json
import random
import sqlite3

import pytest
from archive_samples import PLAN, SITE, Clock, article, next_run
from first_archive import first_archive
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive import similar
from newsarchive.archive.copies import share
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.forget import Request, addresses_of, forget
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.verify import repair_search_index, verify
from newsarchive.cli.main import run as run_command

WORDS = [
    a + b + c
    for a in ("ka", "lo", "mi", "su", "te", "vo")
    for b in ("ran", "bel", "dit", "gor", "lum")
    for c in ("a", "en", "is", "ot", "")
]
OTHER = "https://other.example"


def story(seed, words=180):
    """Paragraphs of made-up words."""
    choose = random.Random(seed)
    return [" ".join(choose.choices(WORDS, k=words // 6)).capitalize() + "." for _ in range(6)]


def saved(store, run, *captures):
    store.save(captures, run)
    return dict(store.connection.execute("SELECT url, cluster_id FROM article").fetchall())


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "a.db", clock=Clock()) as opened:
        yield opened


@pytest.fixture
def run(store):
    return store.begin_run(PLAN, [SITE]).id


def edited(paragraphs):
    choose = random.Random(9)
    return [" ".join(choose.choice(WORDS) if choose.random() < 0.05 else word for word in text.split()) for text in paragraphs]


COPIES = {
    "another headline": story(1),
    "agency lines": ["PORT, May 1 (Wire) -", *story(1), "Reporting by the desk; editing by the night shift."],
    "cut to a third": story(1)[:2],
    "an introduction and a tail": [*story(50)[:1], *story(1), *story(51)[:1]],
    "light edits": edited(story(1)),
    "other case and punctuation": [text.upper().replace(".", "!") for text in story(1)],
}


@pytest.mark.parametrize("body", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("copy_first", [False, True])
def test_a_copy_is_the_same_story(store, run, body, copy_first):
    captures = [article("/first", "One headline", story(1)), article(f"{OTHER}/copy", "Another", body)]
    clusters = saved(store, run, article("/unrelated", "Third", story(3)), *(captures[::-1] if copy_first else captures))
    assert clusters[f"{SITE}/first"] == clusters[f"{OTHER}/copy"] is not None
    assert clusters[f"{SITE}/unrelated"] is None


OTHERS = {
    "a quotation of it": [*story(2), story(1)[0]],
    "the same words in another order": [" ".join(random.Random(4).sample(" ".join(story(1)).split(), k=180))],
    "a short text out of it": [story(1)[0][:60]],
    "a whole book with it in the middle": [*(text for seed in range(20, 40) for text in story(seed)), *story(1)[:4]],
}


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS)
def test_what_is_no_copy_is_another_story(store, run, body):
    assert set(saved(store, run, article("/first", "One", story(1)), article(f"{OTHER}/b", "Two", body)).values()) == {None}


def test_chinese_and_japanese_copies_are_found(store, run):
    text = ["東京の港の船は正午に着いた。羊が四十頭乗っていた。誰も怪我をしなかった。町の人々は岸壁に集まり、船長に花を渡した。"]
    clusters = saved(store, run, article("/a", "一", text), article(f"{OTHER}/b", "二", [*text, "共同"]))
    assert len(set(clusters.values()) - {None}) == 1


def test_two_clusters_become_one_when_the_whole_story_comes(store, run):
    parts = [story(1)[:2], story(1)[2:]]
    clusters = saved(store, run, *(article(f"https://s{n}.example/{m}", "x", part) for m, part in enumerate(parts) for n in range(2)))
    assert len(set(clusters.values())) == 2
    clusters = saved(store, run, article("/both", "Both", parts[0] + parts[1]))
    assert len(set(clusters.values())) == 1


def test_a_round_up_does_not_make_one_story_of_those_it_holds(store, run):
    stories = [story(number) for number in range(1, 5)]
    captures = [article(f"{OTHER}/{number}", "x", body) for number, body in enumerate(stories)]
    clusters = saved(store, run, *captures, article("/round-up", "This morning", [text for body in stories for text in body]))
    assert [clusters[f"{OTHER}/{number}"] for number in (1, 2, 3)] == [None] * 3


def test_an_article_that_was_rewritten_leaves_its_cluster(store, run):
    saved(store, run, article("/first", "One", story(1)), article(f"{OTHER}/copy", "Two", story(1)))
    run = next_run(store, run)
    assert set(saved(store, run, article(f"{OTHER}/copy", "Two", story(7))).values()) == {None}
    run = next_run(store, run)
    assert None not in saved(store, run, article("/first", "One", story(7))).values()
    assert verify(store.path).is_sound


def test_an_article_that_left_does_not_take_the_number_of_its_cluster_along(store, run):
    for number in range(3):
        clusters = saved(store, run, article(f"https://s{number}.example/a", "x", story(1)))
    [name] = set(clusters.values())
    row = store.connection.execute("SELECT id FROM article WHERE cluster_id=id").fetchone()[0]
    url = store.connection.execute("SELECT url FROM article WHERE id=?", (row,)).fetchone()[0]
    run = next_run(store, run)
    clusters = saved(store, run, article(url, "x", story(2)), article(f"{OTHER}/b", "x", story(2)))
    assert clusters[url] == clusters[f"{OTHER}/b"] not in (None, name)
    assert sorted(clusters.values()).count(name) == 2


def test_forgetting_takes_the_prints_along(store, run):
    saved(store, run, article("/first", "One", story(1)), article(f"{OTHER}/copy", "Two", story(1)))
    forget(store, addresses_of(store, f"{OTHER}/copy"), Request("request"))
    assert store.connection.execute("SELECT count(*) FROM text_print").fetchone()[0] == similar.PRINTS
    assert store.connection.execute("SELECT cluster_id FROM article").fetchone()[0] is None
    assert verify(store.path).is_sound


def test_the_index_is_in_the_file_and_can_be_built_anew(tmp_path):
    for number in range(12):
        with Store(tmp_path / "a.db") as store:
            run = store.begin_run(PLAN, [SITE]).id
            store.save([article(f"https://s{number}.example/a", "x", COPIES["light edits"] if number % 3 else story(number))], run)
    before = list(canonical_dump(tmp_path / "a.db"))
    assert sum(line.startswith("cluster ") for line in before) == 1
    with Store(tmp_path / "a.db") as store:
        store.connection.execute("DELETE FROM text_print WHERE article_id=3")
        assert [problem.check for problem in verify(tmp_path / "a.db").problems] == ["near-duplicates"]
        repair_search_index(store)
    assert verify(tmp_path / "a.db").is_sound
    assert list(canonical_dump(tmp_path / "a.db")) == before


def test_migration_finds_the_copies_of_older_archives(tmp_path):
    path = first_archive(tmp_path / "a.db")
    Store(path).close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM article WHERE minhash IS NOT NULL").fetchone()[0] > 60
    assert connection.execute("SELECT count(*) FROM article WHERE cluster_id IS NOT NULL").fetchone()[0] == 2
    connection.close()


def test_a_copy_without_texts_has_no_prints(store, run, tmp_path):
    saved(store, run, article("/first", "One", story(1)))
    share(store.path, tmp_path / "shared.db", text=False)
    connection = sqlite3.connect(tmp_path / "shared.db")
    assert connection.execute("SELECT count(*) FROM text_print").fetchone()[0] == 0
    connection.close()
    assert verify(tmp_path / "shared.db").is_sound


def test_what_a_site_prints_under_every_article_does_not_hide_a_copy(store, run):
    tail = " ".join(random.Random(8).choices(WORDS, k=60))
    saved(store, run, *(article(f"/{n}", f"Title {n}", [*story(100 + n), tail]) for n in range(60)))
    clusters = saved(store, run, article(f"{OTHER}/copy", "Copy", [*story(141)[:3], tail]))
    assert {url for url, cluster in clusters.items() if cluster is not None} == {f"{OTHER}/copy", f"{SITE}/41"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_texts_can_be_compared_either_way_round(one, other):
    first, second = similar.runs_of(one), similar.runs_of(other)
    assert similar.overlap(first, second) == similar.overlap(second, first) <= 1
    assert len(similar.prints(similar.signature(first))) <= similar.PRINTS


def stories_of(path):
    with Store(path, clock=Clock()) as store:
        run = store.begin_run(PLAN, [SITE]).id
        captures = [
            article(f"{OTHER}/copy", "They print it too", story(1), date_published="2026-05-02T08:00Z"),
            article("/first", "First of all", [*story(1), "The end."], date_published="2026-05-01T09:00Z"),
            article("/again", "Again", story(2), date_published="2026-04-01"),
            article("/and-again", "And again", story(2), date_published="2026-04-02"),
        ]
        store.save(captures, run)
        store.finish_run(run, "finished", "finished")
    return path


def test_the_first_publisher_comes_before_the_copies(tmp_path):
    with open_archive(stories_of(tmp_path / "a.db")) as archive:
        [found] = archive.syndication()
        assert (found.first.url, [copy.url for copy in found.copies], found.sites) == (f"{SITE}/first", [f"{OTHER}/copy"], 2)
        assert [item.first.title for item in archive.syndication(within_site=True)] == ["First of all", "Again"]
        assert archive.syndication("2026-05-02") == [found]
        assert archive.syndication("2026-05-03") == []
        assert archive.syndication(site="other.example") == [found]
        assert archive.syndication(site="third.example") == []
        view = archive.connection.execute("SELECT copies, sites, first_site, title FROM syndication ORDER BY first_published").fetchall()
        assert [tuple(row) for row in view] == [(2, 1, "paper.example", "Again"), (2, 2, "paper.example", "First of all")]


def test_the_command_lists_stories_for_people_and_programs(tmp_path, capsys):
    path = stories_of(tmp_path / "a.db")
    assert run_command(["syndication", "--archive", str(path)]) == 0
    out = capsys.readouterr().out
    assert "First of all  (2 times on 2 sites)" in out
    assert out.index("2026-05-01T09:00Z") < out.index("2026-05-02T08:00Z")
    assert "They print it too" in out
    run_command(["syndication", "--archive", str(path), "--json", "--since", "2026-05-01", "--within-site"])
    assert [item["first"]["title"] for item in json.loads(capsys.readouterr().out)] == ["First of all"]
    run_command(["syndication", "--archive", str(path), "--since", "2031"])
    assert "No story" in capsys.readouterr().out
