"""Where any of many words stands in a text: one pass over its letters for all words together.

`str.count` reads the text once a word, 80 times for the words of class names. Here every place is looked up by its three
letters in a table, all places in one numpy call, and only the few where a word may begin are compared (a third of the time).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

KEY_CHARS = 3
"""Characters by which a word is found; no word may be shorter."""

_LETTER_BITS = 5
"""Bits of a character that are in the key: enough for the letters; what else shares a key is told by comparing."""

_LETTER = np.uint8((1 << _LETTER_BITS) - 1)


class WordIndex:
    """Words in lower case, each with a number of its own choice; several words may have one number."""

    __slots__ = ("_begins", "_words")

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        found: dict[int, list[tuple[str, int]]] = {}
        for word, number in words:
            assert len(word) >= KEY_CHARS, f"too short for an index: {word}"
            found.setdefault(int(_keys(word)[0]), []).append((word, number))
        self._words = {key: tuple(entries) for key, entries in found.items()}
        self._begins = np.zeros(1 << KEY_CHARS * _LETTER_BITS, np.bool_)
        self._begins[list(found)] = True

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """(place, number) of each word at each place where it stands, by place; `text` is in lower case."""
        keys = _keys(text)
        hits = np.flatnonzero(self._begins[keys])
        words, is_at = self._words, text.startswith
        for place, key in zip(hits.tolist(), keys[hits].tolist(), strict=True):
            for word, number in words[key]:
                if is_at(word, place):
                    yield place, number

    def counts(self, text: str, size: int) -> list[int]:
        """How often words of each number below `size` stand in a text."""
        result = [0] * size
        for _, number in self.places(text):
            result[number] += 1
        return result


def _keys(text: str) -> npt.NDArray[np.uint16]:
    """The key of each place of a text, but of the last two. One byte a character, so that places are those of the text."""
    codes = (np.frombuffer(text.encode("ascii", "replace"), np.uint8) & _LETTER).astype(np.uint16)
    keys: npt.NDArray[np.uint16] = codes[: 1 - KEY_CHARS] << np.uint16(2 * _LETTER_BITS)
    keys |= codes[1:-1] << np.uint16(_LETTER_BITS)
    keys |= codes[KEY_CHARS - 1 :]
    return keys
