"""Plots drawn on the server: bars, lines, stacked bars, ranked bars and heat, each with the table of what it shows.

A plot is SVG in the page: no script draws it, nothing is fetched for it, and its words stay readable at any width. Every row
of the table is one mark (class `mark`), also a row whose value nobody knows: that is a gap, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.serve.plot_data import Datum, Labels, number_text
from newsarchive.serve.plot_svg import BELOW, HEIGHT, TOP, drawing, element, frame, height_of, mark, percent, safe, shortened, words

SERIES = 8
"""Colours that can be told apart; further series share the last."""

LEVELS = 5
"""Shades of heat. More cannot be read off against a legend."""

NAME_CHARS = 40
"""Characters of a name beside its bar; the table has all of it. As many as stand in 360 pixels."""

WIDEST = 0.08
"""Share of the width of a bar, so that one alone is no wall."""

ROW = 34.0
"""Pixels of a ranked bar with its name above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A plot with the table behind it. Templates write it as it is: `{{ plot }}`."""

    labels: Labels
    rows: Sequence[Datum]
    svg: str
    """Empty where there is nothing to draw."""
    legend: Sequence[tuple[str, str]] = ()
    """(class of the marks, words)."""
    note: str = ""
    """What the picture leaves out, as a sentence."""

    def __html__(self) -> str:
        """The figure: title, picture, legend, and the table, folded."""
        name = safe(self.labels.name)
        caption = element("figcaption", {}, safe(self.labels.title))
        if not self.rows:
            return element(
                "figure", {"class": "plot", "id": f"plot-{name}"}, caption, element("p", {"class": "nothing"}, "Nothing to show.")
            )
        return element("figure", {"class": "plot", "id": f"plot-{name}"}, caption, self.svg, self._legend(), self._note(), self._table())

    def _legend(self) -> str:
        entries = [*self.legend]
        if any(row.value is None for row in self.rows):
            entries.append(("gap", self.labels.gap))
        if not entries:
            return ""
        box: dict[str, str | float] = {"class": "swatch", "width": 12, "height": 12, "aria-hidden": "true"}
        items = [
            element("li", {}, element("svg", box, element("rect", {"width": 12, "height": 12, "class": kind})), safe(text))
            for kind, text in entries
        ]
        return element("ul", {"class": "legend"}, *items)

    def _note(self) -> str:
        return element("p", {"class": "plot-note"}, safe(self.note)) if self.note else ""

    def _table(self) -> str:
        labels = self.labels
        heads = [labels.key, *([labels.series] if labels.series else []), labels.value]
        has_notes = any(row.note for row in self.rows)
        heads += ["note"] if has_notes else []
        head = element("tr", {}, *(element("th", {"scope": "col"}, safe(text)) for text in heads))
        body = []
        for row in self.rows:
            cells = [_cell(row.key, row.address), *([_cell(row.series)] if labels.series else [])]
            value = labels.gap if row.value is None else number_text(row.value)
            tail = [element("td", {"class": "number"}, safe(value)), *([element("td", {}, safe(row.note))] if has_notes else [])]
            body.append(element("tr", {}, *(element("td", {}, cell) for cell in cells), *tail))
        table = element("table", {}, element("thead", {}, head), element("tbody", {}, *body))
        region: dict[str, str | float] = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": f"Data of: {labels.title}"}
        rows = "1 row" if len(self.rows) == 1 else f"{len(self.rows):,} rows"
        return element("details", {"class": "data"}, element("summary", {}, f"Data ({rows})"), element("div", region, table))


def _cell(text: str, address: str = "") -> str:
    shown = element("bdi", {}, safe(text))
    return element("a", {"href": address}, shown) if address.startswith("/") and not address.startswith("//") else shown


def bars(labels: Labels, rows: Sequence[Datum]) -> Plot:
    """A bar for each row, in their order: how many on each day or in each month. A gap where the value is None."""
    parts, top = frame([row.key for row in rows], _highest(rows), labels)
    slot = 1 / max(len(rows), 1)
    width = _width(slot)
    for place, row in enumerate(rows):
        x = place * slot + (slot - width) / 2
        if row.value is None:
            parts.append(_gap(place * slot, slot, row, labels))
        else:
            height = height_of(row.value, top)
            box: dict[str, str | float] = {"x": percent(x), "width": percent(width), "y": TOP + HEIGHT - height, "height": height}
            parts.append(mark("rect", {**box, "class": "mark s1"}, _tip(row, labels)))
    return Plot(labels=labels, rows=rows, svg=_upright(labels, rows, parts))


def lines(labels: Labels, rows: Sequence[Datum]) -> Plot:
    """Points joined by lines, one line for each series, in the order of the rows; broken where a value is None."""
    keys, series = _keys(rows), _series(rows)
    parts, top = frame(keys, _highest(rows), labels)
    places = {key: (number + 0.5) / len(keys) for number, key in enumerate(keys)}
    points = []
    for number, name in enumerate(series):
        before: tuple[float, float] | None = None
        kind = f"s{min(number, SERIES - 1) + 1}"
        for row in (row for row in rows if row.series == name):
            x = places[row.key]
            if row.value is None:
                points.append(_gap(x - 0.5 / len(keys), 1 / len(keys), row, labels))
                before = None
                continue
            y = TOP + HEIGHT - height_of(row.value, top)
            if before is not None:
                ends: dict[str, str | float] = {"x1": percent(before[0]), "y1": before[1], "x2": percent(x), "y2": y}
                parts.append(element("line", {**ends, "class": f"line {kind}"}))
            points.append(mark("circle", {"cx": percent(x), "cy": y, "r": 3, "class": f"mark {kind}"}, _tip(row, labels)))
            before = (x, y)
    return Plot(labels=labels, rows=rows, svg=_upright(labels, rows, parts + points), legend=_legend(series, labels))


def stacked(labels: Labels, rows: Sequence[Datum], series: Sequence[str]) -> Plot:
    """A bar for each key, made of its rows one upon the other in the order of `series`.

    A row of no such series says that there is nothing at its key, or (with None) that nobody knows.
    """
    keys = _keys(rows)
    order = {name: number for number, name in enumerate(series)}
    totals = dict.fromkeys(keys, 0.0)
    for row in rows:
        totals[row.key] += row.value or 0
    parts, top = frame(keys, max(totals.values(), default=0), labels)
    slot = 1 / max(len(keys), 1)
    width = _width(slot)
    reached = dict.fromkeys(keys, TOP + HEIGHT)
    places = {key: number * slot for number, key in enumerate(keys)}
    for row in sorted(rows, key=lambda row: order.get(row.series, 0)):
        if row.value is None:
            parts.append(_gap(places[row.key], slot, row, labels))
            continue
        height = height_of(row.value, top)
        reached[row.key] -= height
        box: dict[str, str | float] = {"x": percent(places[row.key] + (slot - width) / 2), "width": percent(width)}
        kind = f"mark s{min(order.get(row.series, 0), SERIES - 1) + 1}"
        parts.append(mark("rect", {**box, "y": reached[row.key], "height": height, "class": kind}, _tip(row, labels)))
    present = [name for name in series if any(row.series == name for row in rows)]
    legend = [(f"s{min(order[name], SERIES - 1) + 1}", name) for name in present]
    return Plot(labels=labels, rows=rows, svg=_upright(labels, rows, parts), legend=legend)


def ranked(labels: Labels, rows: Sequence[Datum], *, note: str = "") -> Plot:
    """A lying bar for each row with its name above it, in their order: what there is most of."""
    highest = _highest(rows) or 1
    parts = []
    for number, row in enumerate(rows):
        y = number * ROW
        value = labels.gap if row.value is None else number_text(row.value)
        parts.append(words(0, y + 13, shortened(row.key, NAME_CHARS)))
        parts.append(words("100%", y + 13, value, anchor="end"))
        share = 1.0 if row.value is None else row.value / highest
        kind = "mark gap" if row.value is None else "mark s1"
        box: dict[str, str | float] = {"x": 0, "y": y + 18, "width": percent(share), "height": 9, "class": kind}
        parts.append(mark("rect", box, _tip(row, labels)))
    svg = drawing(labels.name, labels.title, _described(labels, rows), max(len(rows), 1) * ROW, parts, kind="lying")
    return Plot(labels=labels, rows=rows, svg=svg, note=note)


def heat(labels: Labels, rows: Sequence[Datum]) -> Plot:
    """A strip for each series over the keys of all, the darker the more; gaps where the value is None."""
    keys, series = _keys(rows), _series(rows)
    highest = _highest(rows)
    places = {key: number / len(keys) for number, key in enumerate(keys)}
    lanes = {name: number * ROW for number, name in enumerate(series)}
    parts = [words(0, y + 13, shortened(name, NAME_CHARS)) for name, y in lanes.items()]
    for row in rows:
        kind = "mark gap" if row.value is None else f"mark h{_level(row.value, highest)}"
        box: dict[str, str | float] = {"x": percent(places[row.key]), "y": lanes[row.series] + 17, "width": percent(1 / len(keys))}
        parts.append(mark("rect", {**box, "height": 13, "class": kind}, _tip(row, labels)))
    bottom = len(series) * ROW
    for number, place in enumerate((0, len(keys) - 1) if len(keys) > 1 else range(len(keys))):
        parts.append(words("100%" if number else 0, bottom + 14, keys[place], anchor="end" if number else "start"))
    svg = drawing(labels.name, labels.title, _described(labels, rows), bottom + 22, parts, kind="lying")
    return Plot(labels=labels, rows=rows, svg=svg, legend=_shades(highest, labels) if rows else ())


def _upright(labels: Labels, rows: Sequence[Datum], parts: Sequence[str]) -> str:
    return drawing(labels.name, labels.title, _described(labels, rows), TOP + HEIGHT + BELOW, parts, kind="upright")


def _width(slot: float) -> float:
    """Of a bar in its slot: room between few bars, none between so many that it would be less than a pixel."""
    return min(slot * 0.8, WIDEST) if slot > 1 / 90 else slot


def _gap(x: float, width: float, row: Datum, labels: Labels) -> str:
    box: dict[str, str | float] = {"x": percent(x), "width": percent(width), "y": TOP, "height": HEIGHT}
    return mark("rect", {**box, "class": "mark gap"}, _tip(row, labels))


def _tip(row: Datum, labels: Labels) -> str:
    name = f"{row.key}, {row.series}" if row.series else row.key
    value = labels.gap if row.value is None else f"{number_text(row.value)} {labels.value}"
    return f"{name}: {value}" + (f" ({row.note})" if row.note else "")


def _highest(rows: Sequence[Datum]) -> float:
    return max((row.value for row in rows if row.value is not None), default=0.0)


def _keys(rows: Sequence[Datum]) -> list[str]:
    return list(dict.fromkeys(row.key for row in rows))


def _series(rows: Sequence[Datum]) -> list[str]:
    return list(dict.fromkeys(row.series for row in rows))


def _legend(series: Sequence[str], labels: Labels) -> list[tuple[str, str]]:
    return [(f"s{min(number, SERIES - 1) + 1}", name) for number, name in enumerate(series)] if labels.series else []


def _level(value: float, highest: float) -> int:
    """0 for nothing, else 1 to LEVELS: by the square root, since one busy day would leave all others white."""
    return 0 if value <= 0 else min(LEVELS, 1 + int((value / highest) ** 0.5 * LEVELS * 0.9999))


def _shades(highest: float, labels: Labels) -> list[tuple[str, str]]:
    """Only shades that some whole number has: with a highest of 3 there are three."""
    bounds: dict[float, int] = {}
    for level in range(1, LEVELS + 1):
        bound = math.floor(highest * (level / LEVELS) ** 2) if highest >= 1 and level < LEVELS else highest
        if bound:
            bounds.setdefault(bound, _level(bound, highest))
    return [("h0", f"0 {labels.value}"), *((f"h{level}", f"up to {number_text(bound)}") for bound, level in bounds.items())]


def _described(labels: Labels, rows: Sequence[Datum]) -> str:
    """What a sighted reader sees at once: how far it goes, the highest, and how many gaps."""
    known = [row for row in rows if row.value is not None]
    if not rows:
        return "Nothing to show."
    keys = _keys(rows)
    reach = f"{labels.value} by {labels.key}, {shortened(keys[0], 60)}" + (f" to {shortened(keys[-1], 60)}" if len(keys) > 1 else "")
    parts = [reach]
    if known:
        most = max(known, key=lambda row: row.value or 0)
        parts.append(f"highest {number_text(most.value or 0)} at {shortened(most.key, 60)}" + (f", {most.series}" if most.series else ""))
    gaps = len(rows) - len(known)
    if gaps:
        parts.append(f"{gaps} of {len(rows)} rows: {labels.gap}")
    return "; ".join(parts) + ". The table below has every value."
