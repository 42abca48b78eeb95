"""On which line of a TOML text each key stands: Python's tomllib does not say, and an error message should.

Reads text that tomllib has accepted already, so it need not check, only find its way.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Place = tuple[str | int, ...]
"""Keys and list positions from the root: `("eras", 0, "selectors", "title")`."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_SKIPPED = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_PLAIN_VALUE = re.compile(r"[^,\]}\n#]*")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?""""{0,2}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?''''{0,2}", re.DOTALL)


def key_lines(text: str) -> dict[Place, int]:
    """The line (1 is the first) of every key, table and list entry of a valid TOML text. Raises RecursionError where tomllib does."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Place, int] = {}
        self._starts = [0, *(found.end() for found in re.finditer(r"\n", text))]
        self._last: dict[Place, int] = {}
        """Array of tables -> number of its last table."""

    def scan(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _skip(self) -> bool:
        """Pass over white space and comments; whether anything is left."""
        self.at = self._end(_SKIPPED)
        return self.at < len(self.text)

    def _end(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        return found.end() if found else self.at + 1

    def _header(self) -> Place:
        line = self._line()
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._keys()
        self.at += 2 if is_array else 1
        place: Place = ()
        for number, key in enumerate(keys):
            place = (*place, key)
            self.lines.setdefault(place, line)
            if is_array and number == len(keys) - 1:
                self._last[place] = self._last.get(place, -1) + 1
            if place in self._last:
                place = (*place, self._last[place])
                self.lines.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> None:
        line = self._line()
        place = table
        for key in self._keys():
            place = (*place, key)
            self.lines.setdefault(place, line)
        self.at += 1  # the equals sign
        self._value(place)

    def _keys(self) -> list[str]:
        """A dotted key; afterwards the position is at what follows it, white space skipped."""
        keys = []
        while True:
            self.at = self._end(_BLANK)
            keys.append(self._key())
            self.at = self._end(_BLANK)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _key(self) -> str:
        start = self.at
        quote = self.text[start]
        self.at = self._end(_BASIC if quote == '"' else _LITERAL if quote == "'" else _BARE_KEY)
        key = self.text[start : self.at]
        if quote == '"':
            decoded: str = tomllib.loads(f"key = {key}")["key"]
            return decoded
        return key[1:-1] if quote == "'" else key

    def _value(self, place: Place) -> None:
        self.at = self._end(_BLANK)
        text, at = self.text, self.at
        if text[at] == "[":
            self._array(place)
        elif text[at] == "{":
            self._inline_table(place)
        elif text.startswith('"""', at):
            self.at = self._end(_LONG_BASIC)
        elif text.startswith("'''", at):
            self.at = self._end(_LONG_LITERAL)
        elif text[at] == '"':
            self.at = self._end(_BASIC)
        elif text[at] == "'":
            self.at = self._end(_LITERAL)
        else:
            self.at = self._end(_PLAIN_VALUE)

    def _array(self, place: Place) -> None:
        self.at += 1
        number = 0
        while self._skip() and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.lines[(*place, number)] = self._line()
            self._value((*place, number))
            number += 1
        self.at += 1

    def _inline_table(self, place: Place) -> None:
        self.at += 1
        while self._skip() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(place)
        self.at += 1

    def _line(self) -> int:
        return bisect_right(self._starts, self.at)
