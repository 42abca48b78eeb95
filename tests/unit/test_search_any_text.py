"""Any text a person types gives results or a friendly message: 10,000 seeded random strings through the whole search."""

from __future__ import annotations

import json
import random
import sys

import pytest
from export_samples import make_archive

from newsarchive.archive.reader import open_archive
from newsarchive.cli.main import run

STRINGS = 10_000
OVER_THE_COMMAND = 400
"""Of them typed to the command, which takes ten times as long."""

_PIECES = [
    *"\"*-+()^:{}[]\\/;,.!?'`~@#$%&|<>= \t\n",
    *("OR", "AND", "NOT", "NEAR", "NEAR(", "title:", "author:", "body:", "cjk:", "rowid:", "article_fts", "--", "/*", "%s", "?1", ":match"),
    *("ferry", "noon", "wat*", '"the water"', "-late", "東京", "の", "서울", "é", "ß", "İ", "ﬁ", "𝔘", "🚢", "１", "a" * 300),
    *("\u0301", "\u200d", "\ufeff", "\x00", "\ud800", "\u2028", "\u202e", "“", "”", "„", "«", "’", "–", "';DROP TABLE article;--"),
]


def strings(seed=2026):
    choose = random.Random(seed)
    for number in range(STRINGS):
        if number % 4:
            yield "".join(choose.choice(_PIECES) + choose.choice(("", "", " ")) for _ in range(choose.randint(0, 9)))
        else:
            yield "".join(
                chr(choose.choice((choose.randint(0, 0x7F), choose.randint(0, sys.maxunicode)))) for _ in range(choose.randint(0, 20))
            )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("any") / "a.db")


def test_ten_thousand_random_texts_are_searches(path):
    found = 0
    with open_archive(path) as archive:
        for number, typed in enumerate(strings()):
            filters = {"site": "paper.example", "since": "2026-05-02"} if number % 3 == 1 else {}
            hits = archive.search(typed, 20, sort="date" if number % 3 == 2 else "relevance", **filters)
            assert archive.count_hits(typed, **filters) == len(hits)
            found += bool(hits)
            if number % 50 == 0:
                assert sum(row.articles for row in archive.facets(typed, **filters)["site"]) == len(hits)
                assert len(list(archive.articles(typed, **filters))) == len(hits)
    assert found > STRINGS / 20


def test_random_texts_typed_to_the_command_never_end_in_a_fault(path, capsys):
    for number, typed in enumerate(strings(7)):
        if number == OVER_THE_COMMAND:
            break
        code = run(["search", "--archive", str(path), "--facets", *(["--json"] if number % 2 else []), "--", typed])
        out, err = capsys.readouterr()
        if code == 0:
            assert json.loads(out)["total"] >= 0 if number % 2 else out
        else:
            assert (code, typed.strip()) == (2, "")
            assert "name words" in err


@pytest.mark.parametrize("option", ["--site", "--language", "--section", "--author", "--since", "--until", "--time-zone"])
def test_random_filters_give_results_or_a_sentence(path, capsys, option):
    for number, typed in enumerate(strings(9)):
        if number == OVER_THE_COMMAND // 8:
            break
        code = run(["search", "--archive", str(path), "ferry", f"{option}={typed}"])
        assert code in (0, 2, 5), (code, typed)
        assert "Traceback" not in capsys.readouterr().err
