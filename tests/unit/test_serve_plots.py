"""Plots drawn on the server: marks, gaps, axes and hostile words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from lxml import etree

from newsarchive.serve import plots
from newsarchive.serve.plot_data import Datum, Labels, number_text, scale, short_number, span_length, spans_between, thinned

LABELS = Labels(name="sample", title="Articles per day", key="day (UTC)", value="articles", series="site", gap="not collected")
DAYS = list(spans_between("2026-04-28", "2026-05-04"))
ROWS = [Datum(key=day, value=None if number == 2 else number * 10, series="a.example") for number, day in enumerate(DAYS)]
KINDS = {
    "bars": lambda rows: plots.bars(LABELS, rows),
    "lines": lambda rows: plots.lines(LABELS, rows),
    "stacked": lambda rows: plots.stacked(LABELS, rows, list(dict.fromkeys(row.series for row in rows))),
    "ranked": lambda rows: plots.ranked(LABELS, rows),
    "heat": lambda rows: plots.heat(LABELS, rows),
}
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>\x00\x1b\u202e&amp;' style=x"
SVG = "{http://www.w3.org/2000/svg}"


def picture(plot: plots.Plot) -> etree._Element:
    return etree.fromstring(plot.svg)


def marks(plot: plots.Plot) -> list[etree._Element]:
    return [item for item in picture(plot).iter() if "mark" in (item.get("class") or "").split()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_marks_equal_rows_of_the_table(kind, count):
    plot = KINDS[kind](ROWS[:count])
    assert len(marks(plot)) == count
    body = plot.__html__().partition("<tbody>")[2]
    assert body.count("<tr>") == count


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_value_is_a_gap_and_no_zero(kind):
    plot = KINDS[kind](ROWS)
    gaps = [item for item in marks(plot) if "gap" in item.get("class").split()]
    assert [item.find(f"{SVG}title").text for item in gaps] == ["2026-04-30, a.example: not collected"]
    assert "<li>" in plot.__html__()
    assert "not collected" in plot.__html__().partition("<tbody>")[2]


def test_a_line_is_broken_at_a_gap():
    joined = [item for item in picture(plots.lines(LABELS, ROWS)).iter() if "line" in (item.get("class") or "").split()]
    assert len(joined) == len(ROWS) - 3, "two segments touch the gap"


def test_bars_are_as_high_as_their_values():
    tall = {item.find(f"{SVG}title").text.partition(",")[0]: float(item.get("height")) for item in marks(plots.bars(LABELS, ROWS))}
    assert tall["2026-04-28"] == 0
    assert tall["2026-05-04"] == pytest.approx(2 * tall["2026-05-01"], rel=0.01)


def test_stacked_bars_stand_upon_each_other():
    rows = [Datum(key="1", value=30, series="stored"), Datum(key="1", value=10, series="failed")]
    low, high = marks(plots.stacked(LABELS, rows, ("stored", "failed")))
    assert float(high.get("y")) + float(high.get("height")) == pytest.approx(float(low.get("y")), abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(kind):
    labels = Labels(name=HOSTILE, title=HOSTILE, key=HOSTILE, value=HOSTILE, series=HOSTILE, gap=HOSTILE)
    rows = [Datum(key=HOSTILE, value=value, series=HOSTILE, note=HOSTILE) for value in (3, None)]
    make = {
        "stacked": lambda: plots.stacked(labels, rows, (HOSTILE,)),
        "ranked": lambda: plots.ranked(labels, rows),
        "heat": lambda: plots.heat(labels, rows),
        "bars": lambda: plots.bars(labels, rows),
        "lines": lambda: plots.lines(labels, rows),
    }
    text = make[kind]().__html__()
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"[\x00-\x08\x1b\u202e]", text)
    assert {name for item in picture(make[kind]()).iter() for name in item.attrib} <= {
        *("class", "role", "aria-labelledby", "width", "height", "id", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "text-anchor")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_style_attribute_and_no_script(kind):
    text = KINDS[kind](ROWS).__html__()
    assert "style=" not in text
    assert "<style" not in text
    assert not re.search(r"\son\w+=", text)


def test_a_picture_has_a_name_and_a_description():
    root = picture(plots.bars(LABELS, ROWS))
    names = root.get("aria-labelledby").split()
    said = {item.get("id"): item.text for item in root if item.get("id")}
    assert root.get("role") == "img"
    assert [said[name] for name in names] == [
        "Articles per day",
        (
            "articles by day (UTC), 2026-04-28 to 2026-05-04; highest 60 at 2026-05-04, a.example; 1 of 7 rows: not collected."
            " The table below has every value."
        ),
    ]


@pytest.mark.parametrize("highest", [0, 0.4, 1, 3, 7, 19, 99, 1000, 123_456, 9_876_543_210, float("inf")])
def test_axes_have_round_steps_and_reach_the_highest(highest):
    lines = scale(highest)
    assert lines[0] == 0
    assert 2 <= len(lines) <= 7
    assert lines[-1] >= highest or highest == float("inf")
    assert len({round(b - a, 6) for a, b in pairwise(lines)}) == 1
    assert all(len(short_number(value)) <= 5 for value in lines)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("2024-02-27", "2024-03-02", 5), ("2023-11", "2024-02", 4), ("2020", "2026", 7), ("2026-05", "2026-04", 0), ("x", "y", 0)],
)
def test_spans_have_no_holes(first, last, count):
    assert len(list(spans_between(first, last))) == count


def test_the_last_day_of_the_calendar_ends_the_spans():
    assert list(spans_between("9999-12-30", "9999-12-31")) == ["9999-12-30", "9999-12-31"]


def test_ticks_stand_at_round_dates():
    days = list(spans_between("2026-01-20", "2026-05-10"))
    assert [days[place] for place in thinned(days)] == ["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]
    months = list(spans_between("2020-05", "2024-08"))
    assert [months[place] for place in thinned(months)] == ["2021-01", "2022-01", "2023-01", "2024-01"]
    assert thinned([]) == []
    assert len(thinned([str(number) for number in range(1000)])) <= 6


def test_the_span_fits_the_range():
    assert span_length("2026-01-01", "2026-03-01") == 10
    assert span_length("2020-01-01", "2026-03-01") == 7
    assert span_length("1900-01-01", "2026-03-01") == 4
    assert span_length("what", "ever") == 7


def test_numbers_are_for_people():
    assert [number_text(value) for value in (1234567, 0.5, 2.25)] == ["1,234,567", "0.5", "2.2"]
    assert [short_number(value) for value in (2500, 25_000, 2_500_000)] == ["2,500", "25k", "2.5M"]
