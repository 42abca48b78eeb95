"""SVG as text: elements, escaping and the frame that plots share.

Widths are percentages and heights pixels, so that a plot fills the page at any width while its words keep their size, without
a script. Colours are classes: the style sheet has them for light, dark and paper. No style attribute stands anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from newsarchive.serve.plot_data import Labels, scale, short_number, thinned

TOP = 20.0
"""Pixels above the highest line: the unit stands there."""
HEIGHT = 170.0
"""Pixels between the axis and the highest line."""
BELOW = 38.0
"""Pixels below the axis: the keys stand there, and what they are."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""What XML does not allow, and marks that would turn the direction of what follows."""


def safe(text: str) -> str:
    """Text as it may stand in an element or an attribute."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)


def shortened(text: str, most: int) -> str:
    """At most so many characters, with an ellipsis for the rest."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def element(name: str, attributes: dict[str, str | float], *content: str) -> str:
    """An element. `content` is markup already; attributes are escaped here, numbers rounded to what a pixel can show."""
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(content)}</{name}>"


def percent(share: float) -> str:
    """A share (0 to 1) of the width."""
    return f"{round(share * 100, 3):g}%"


def words(x: str | float, y: float, text: str, *, anchor: str = "start", kind: str = "label") -> str:
    """A line of text at a place."""
    return element("text", {"x": x, "y": y, "text-anchor": anchor, "class": kind}, safe(text))


def mark(name: str, attributes: dict[str, str | float], tip: str) -> str:
    """What stands for one row, with the words that a pointer or a screen reader gets."""
    return element(name, attributes, element("title", {}, safe(tip)))


def _value(value: str | float) -> str:
    return safe(value) if isinstance(value, str) else f"{round(value, 2):g}"


def frame(keys: Sequence[str], highest: float, labels: Labels) -> tuple[list[str], float]:
    """Axes of a plot over keys: its elements, and the value of the highest line."""
    lines = scale(highest)
    top = lines[-1]
    parts = [words(0, TOP - 9, labels.value, kind="label unit")]
    for value in lines:
        y = TOP + HEIGHT * (1 - value / top)
        parts.append(element("line", {"x1": "0%", "x2": "100%", "y1": y, "y2": y, "class": "grid" if value else "axis"}))
        parts.append(words(-6, y + 4, short_number(value), anchor="end"))
    chosen = thinned(keys)
    for number, place in enumerate(chosen):
        x = (place + 0.5) / len(keys)
        anchor = "start" if x < 0.08 else "end" if x > 0.92 else "middle"
        kind = "label wide" if len(chosen) > 4 and number % 2 else "label"
        x = place / len(keys) if anchor == "start" else (place + 1) / len(keys) if anchor == "end" else x
        parts.append(words(percent(x), TOP + HEIGHT + 16, keys[place], anchor=anchor, kind=kind))
    parts.append(words("100%", TOP + HEIGHT + 33, labels.key, anchor="end"))
    return parts, top


def height_of(value: float, top: float) -> float:
    """Pixels of a value's bar."""
    return HEIGHT * value / top


def drawing(name: str, title: str, description: str, height: float, parts: Sequence[str], *, kind: str = "") -> str:
    """The whole picture, with a name and a description for those who cannot see it."""
    names = {"title": f"plot-{name}-title", "desc": f"plot-{name}-desc"}
    return element(
        "svg",
        {
            "class": f"plot-area {kind}".strip(),
            "role": "img",
            "aria-labelledby": f"{names['title']} {names['desc']}",
            "width": "100%",
            "height": height,
            "xmlns": "http://www.w3.org/2000/svg",
        },
        element("title", {"id": names["title"]}, safe(title)),
        element("desc", {"id": names["desc"]}, safe(description)),
        *parts,
    )
