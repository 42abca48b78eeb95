"""The same story elsewhere: texts of which one holds most of the other's runs of words, whatever stands around them.

Agencies print one story in fifty papers, with other headlines, cut to a third, with an introduction or a tail of the
house. Likeness as a share of both texts (Jaccard, what MinHash estimates) is low for such copies; the share of the
shorter text that stands in the longer one is high. Candidates come from an index of a few prints of every text (table
`text_print`); whether two texts are the same is then decided on the texts themselves, so that the index may be coarse.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from newsarchive.archive.words import CJK

RUN_WORDS = 4
"""Words in a row that count as one run. With 3, stories on one subject share phrases; with 6, an edited word costs too many runs."""
MIN_RUNS = 24
"""Shorter texts (27 words) have no signature: formulas such as "read the whole report" would be stories."""
PRINTS = 24
"""Prints of a text: its runs with the smallest digests. A copy that was cut to a third shares about 8 of them, one of which is
enough; each costs about 14 bytes and 10 µs."""
SAME = 0.5
"""Share (0 to 1) of the shorter text's runs that stand in the longer one, from which two texts are one story."""
MIN_LENGTH_SHARE = 0.2
"""Of the longer text. Below, the shorter one is a quotation or a brief in a round-up, not a copy of it."""
CUT_SHARE = 0.6
"""Of the longer text. A copy that is shorter than this was cut, and stories are cut from the end: what they share stands
at the beginning of the longer text. Otherwise the longer one is a round-up of several stories."""
LATEST_PLACE = 0.35
"""Mean place (0 to 1) in the longer text of what a cut copy shares with it: 0.17 for a plain cut to a third, 0.25 behind an
introduction, 0.37 for the second of four stories in a round-up."""

MAX_HOLDERS = 32
"""Texts that are looked at for one print: more than that share only what a site prints under all its articles."""
MAX_LOOKS = 6
"""Texts that are compared in full, the likeliest first: 0.15 ms each."""
MIN_WORTH = 0.2
"""Of the likeliest text's worth. What shares less shares a phrase or a house's formula."""

WRITTEN_AT_ONCE = 100_000
"""Prints handed to SQLite at a time when all are written anew."""

_PRINT_BITS = np.uint64(48)
"""SQLite stores such numbers in 6 bytes; two of 10 million prints are equal by chance once in 30 texts, and then the texts decide."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_PLACES = 64
"""Characters of a word that count each by its place; what follows counts as the last."""
_POWERS = np.cumprod(np.full(_PLACES, 0x100000001B3, np.uint64), dtype=np.uint64)

Digests = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a text."""

    ordered: Digests
    """Their digests as they stand in the text."""
    distinct: Digests
    """Ascending, each once."""


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each character of the basic plane is: 0 between words, 1 in a word, 2 a word of its own (Chinese, Japanese, Korean)."""
    letters = bytearray(chr(code).isalnum() for code in range(0x10000))
    for code in map(ord, CJK.findall("".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000)))))):
        letters[code] = 2
    return np.frombuffer(bytes(letters), np.uint8)


def _words(text: str) -> NDArray[np.uint64]:
    """A digest of each word of a text, in order. Whole arrays at a time: a loop over words takes four times as long."""
    codes = np.frombuffer(text.casefold().encode("utf-32-le", "replace"), "<u4")
    kinds = np.where(codes < 0x10000, _kinds()[codes & 0xFFFF], np.where(codes >= 0x20000, 2, 0))
    inside = np.flatnonzero(kinds)
    if not len(inside):
        return np.empty(0, np.uint64)
    kinds = kinds[inside]
    starts = np.ones(len(inside), bool)
    starts[1:] = (np.diff(inside) > 1) | (kinds[1:] == 2) | (kinds[:-1] == 2)
    first = np.flatnonzero(starts)
    places = np.arange(len(inside)) - np.repeat(first, np.diff(first, append=len(inside)))
    return np.add.reduceat((codes[inside].astype(np.uint64) + np.uint64(1)) * _POWERS[np.minimum(places, _PLACES - 1)], first)


def runs_of(text: str) -> Runs:
    """The runs of RUN_WORDS words of a text, case and punctuation aside; of Chinese, Japanese and Korean text, of characters."""
    words = _words(text)
    length = len(words) - RUN_WORDS + 1
    digests = np.zeros(max(length, 0), np.uint64)
    if length < 1:
        return Runs(digests, digests)
    for offset in range(RUN_WORDS):
        digests = (digests + words[offset : offset + length]) * _MULTIPLIER
        digests ^= digests >> np.uint64(29)
    digests *= _MIXER
    digests ^= digests >> np.uint64(32)
    digests >>= np.uint64(64) - _PRINT_BITS
    ascending = np.sort(digests)
    return Runs(digests, ascending[np.concatenate(([True], ascending[1:] != ascending[:-1]))])


def signature(runs: Runs) -> bytes | None:
    """The prints of a text, 8 bytes each; None for a text that is too short to be told from others."""
    return runs.distinct[:PRINTS].astype("<u8").tobytes() if len(runs.distinct) >= MIN_RUNS else None


def prints(signed: bytes | None) -> list[int]:
    """The prints in a signature."""
    return [] if signed is None else [int(number) for number in np.frombuffer(signed, "<u8")]


def overlap(one: Runs, other: Runs) -> float:
    """The share of the shorter text's runs that stand in the longer one; 0 where that cannot be a copy of it."""
    shorter, longer = sorted((one, other), key=lambda runs: len(runs.distinct))
    share = len(shorter.distinct) / max(len(longer.distinct), 1)
    if len(shorter.distinct) < MIN_RUNS or share < MIN_LENGTH_SHARE:
        return 0.0
    if share < CUT_SHARE:
        places = np.flatnonzero(np.isin(longer.ordered, shorter.distinct))
        if not len(places) or places.mean() > LATEST_PLACE * len(longer.ordered):
            return 0.0
    return len(np.intersect1d(shorter.distinct, longer.distinct, assume_unique=True)) / len(shorter.distinct)


def same_story(one: Runs, other: Runs) -> bool:
    """Whether two texts are one story."""
    return overlap(one, other) >= SAME


def signature_of(connection: sqlite3.Connection, row: int) -> bytes | None:
    """The signature of an article's present text."""
    found: bytes | None = connection.execute("SELECT minhash FROM article WHERE id=?", (row,)).fetchone()[0]
    return found


def follow(connection: sqlite3.Connection, row: int, before: bytes | None, now: bytes | None, body: str) -> None:
    """The text of an article was written, inside the caller's transaction: take its prints in and look for its like."""
    if before == now:
        return
    leave(connection, row, before)
    if now is None:
        return
    found = prints(now)
    matches = _matches(connection, found, body, row)
    connection.executemany("INSERT INTO text_print(print, article_id) VALUES(?,?)", [(number, row) for number in found])
    if matches:
        _join(connection, row, matches)


def leave(connection: sqlite3.Connection, row: int, before: bytes | None) -> None:
    """The text of an article goes: take its prints out, and the article out of its cluster."""
    connection.executemany("DELETE FROM text_print WHERE print=? AND article_id=?", [(number, row) for number in prints(before)])
    cluster = connection.execute("SELECT cluster_id FROM article WHERE id=?", (row,)).fetchone()[0]
    if cluster is None:
        return
    connection.execute("UPDATE article SET cluster_id=NULL WHERE id=?", (row,))
    left = connection.execute("SELECT id FROM article WHERE cluster_id=? LIMIT 2", (cluster,)).fetchall()
    if len(left) == 1:
        connection.execute("UPDATE article SET cluster_id=NULL WHERE id=?", (left[0][0],))


def rebuild(connection: sqlite3.Connection) -> None:
    """Signatures, prints and clusters of all articles anew, inside the caller's transaction.

    The prints are written in their order, and only texts that share one are compared: about 0.5 ms an article.
    """
    connection.execute("DELETE FROM text_print")
    connection.execute("UPDATE article SET cluster_id=NULL, minhash=NULL WHERE cluster_id IS NOT NULL OR minhash IS NOT NULL")
    found: list[Digests] = []
    rows: list[int] = []
    for (row,) in connection.execute("SELECT id FROM article ORDER BY id").fetchall():
        body = connection.execute("SELECT body FROM article WHERE id=?", (row,)).fetchone()[0]
        signed = signature(runs_of(body))
        if signed is not None:
            connection.execute("UPDATE article SET minhash=? WHERE id=?", (signed, row))
            found.append(np.frombuffer(signed, "<u8"))
            rows.append(row)
    if rows:
        _write_prints(connection, found, rows)


def _write_prints(connection: sqlite3.Connection, found: list[Digests], rows: list[int]) -> None:
    """The prints of all articles, and the clusters of those that share some."""
    all_prints = np.concatenate(found)
    holders = np.repeat(np.array(rows, np.int64), [len(signed) for signed in found])
    order = np.argsort(all_prints, kind="stable")
    for start in range(0, len(order), WRITTEN_AT_ONCE):
        part = order[start : start + WRITTEN_AT_ONCE]
        pairs = zip(all_prints[part].tolist(), holders[part].tolist(), strict=True)
        connection.executemany("INSERT INTO text_print(print, article_id) VALUES(?,?)", pairs)
    ascending = all_prints[order]
    is_shared = ascending[1:] == ascending[:-1]
    sharing = np.unique(holders[order][np.concatenate((is_shared, [False])) | np.concatenate(([False], is_shared))])
    for row in sharing.tolist():
        signed, body = connection.execute("SELECT minhash, body FROM article WHERE id=?", (row,)).fetchone()
        matches = _matches(connection, prints(signed), body, row)
        if matches:
            _join(connection, row, matches)


def _matches(connection: sqlite3.Connection, found: list[int], body: str, own: int) -> list[tuple[int, int | None]]:
    """Articles (row, cluster) that are the same story as article `own`, the likeliest first, one of each other cluster.

    A print that many texts share says little: it is worth the inverse of their number.
    """
    worth: Counter[int] = Counter()
    for holders in _holders(connection, found):
        for row in holders:
            worth[row] += 1 / len(holders)  # type: ignore[assignment]
    del worth[own]
    if not worth:
        return []
    mine = runs_of(body)
    known = set(connection.execute("SELECT cluster_id FROM article WHERE id=?", (own,)).fetchone()) - {None}
    enough = MIN_WORTH * max(worth.values())
    matches: list[tuple[int, int | None]] = []
    looks = 0
    for row in sorted((row for row in worth if worth[row] >= enough), key=lambda row: (-worth[row], row)):
        cluster = connection.execute("SELECT cluster_id FROM article WHERE id=?", (row,)).fetchone()[0]
        if cluster in known:
            continue
        text = connection.execute("SELECT body FROM article WHERE id=?", (row,)).fetchone()[0]
        if same_story(mine, runs_of(text)):
            matches.append((row, cluster))
            known |= {cluster} - {None}
        looks += 1
        if looks == MAX_LOOKS:
            break
    return matches


def _holders(connection: sqlite3.Connection, found: list[int]) -> Iterable[list[int]]:
    """For each print the articles that have it, at most MAX_HOLDERS. One query for all, unless some are very common."""
    at_most = MAX_HOLDERS * len(found)
    query = "SELECT p.print, p.article_id FROM json_each(?) j CROSS JOIN text_print p ON p.print=j.value LIMIT ?"
    pairs = connection.execute(query, (str(found), at_most)).fetchall()
    if len(pairs) == at_most:
        query = "SELECT print, article_id FROM text_print WHERE print=? LIMIT ?"
        pairs = [pair for number in found for pair in connection.execute(query, (number, MAX_HOLDERS))]
    by_print: dict[int, list[int]] = {}
    for number, row in pairs:
        by_print.setdefault(number, []).append(row)
    return [rows[:MAX_HOLDERS] for rows in by_print.values()]


def _join(connection: sqlite3.Connection, row: int, matches: list[tuple[int, int | None]]) -> None:
    """Put the article and its like into one cluster: the oldest of theirs, or a new one with a number that none has."""
    own = connection.execute("SELECT cluster_id FROM article WHERE id=?", (row,)).fetchone()[0]
    clusters = [cluster for cluster in (own, *(cluster for _, cluster in matches)) if cluster is not None]
    name = min(clusters) if clusters else _free_name(connection, row)
    for cluster in clusters:
        if cluster != name:
            connection.execute("UPDATE article SET cluster_id=? WHERE cluster_id=?", (name, cluster))
    alone = [match for match, cluster in matches if cluster is None]
    connection.executemany("UPDATE article SET cluster_id=? WHERE id=?", [(name, number) for number in (row, *alone)])


def _free_name(connection: sqlite3.Connection, wanted: int) -> int:
    taken = connection.execute("SELECT 1 FROM article WHERE cluster_id=? LIMIT 1", (wanted,)).fetchone()
    return wanted if taken is None else int(connection.execute("SELECT max(cluster_id) FROM article").fetchone()[0]) + 1
