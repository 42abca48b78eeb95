"""Measure how copies of a story are told from other stories. Needs the bench data; `pip install rensa` for the comparison.

    python benchmarks/run_similar.py [--texts N]

Copies are made from the texts of the bench: agency lines added, the same text under another headline, light edits, cuts
to a third, an introduction and a tail of the house, and all of these together. What is no copy: the likest other story
of the bench, stories with a common quotation or a common company tail, reports that are printed from one template
every day, and texts whose words are exchanged as a translation does (names and numbers stay). Thresholds of the other
methods are chosen on one half of the texts; all figures are of the other half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench_data import bench_folder, bench_pages

from newsarchive.archive import similar
from newsarchive.archive.similar import SAME, overlap, runs_of
from newsarchive.archive.store import Store
from newsarchive.archive.words import CJK
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page

MIN_WORDS = 60
"""Words of a text that is used: the share of a third of it is just long enough to be told from others."""
CITIES = ("Aldmoor", "Brenfield", "Castle Wyke", "Dunholm", "Eastry", "Farnley", "Gorsedale", "Hythe End")
CLUBS = ("Rovers", "Albion", "Wanderers", "Athletic", "Harriers", "United", "Town", "Orient")


@dataclass(frozen=True)
class Pair:
    """Two texts and whether they are one story."""

    kind: str
    one: str
    other: str
    is_same: bool


def sentences(text: str) -> list[str]:
    """Rough sentences."""
    return [part for part in re.split(r"(?<=[.!?。])\s+|\n+", text) if part.strip()]


def length(text: str) -> int:
    """Words; of Chinese and Japanese text, characters by twos."""
    return max(len(text.split()), len(text) // 12)


def agency(text: str, choose: random.Random) -> str:
    """A dateline before and a line about the makers behind."""
    city = choose.choice(CITIES)
    names = f"Reporting by {choose.choice(CLUBS)} Desk in {city}; additional reporting by the {choose.choice(CITIES)} bureau"
    dateline = f"{city.upper()}, {choose.randint(1, 28)} May (NorthWire) -"
    return f"{dateline} {text}\n\n({names}; editing by {choose.choice(CITIES)})\n\nCopyright NorthWire."


def edited(text: str, choose: random.Random, words: list[str], share: float = 0.05) -> str:
    """So many words exchanged, and a sentence left out."""
    parts = sentences(text)
    if len(parts) > 4:
        del parts[choose.randrange(1, len(parts))]
    pieces = re.split(r"(\s+)", "\n".join(parts))
    if len(pieces) < 40:
        pieces = list("\n".join(parts))
    for index in range(0, len(pieces), 2):
        if choose.random() < share:
            pieces[index] = choose.choice(words)
    return "".join(pieces)


def cut(text: str) -> str:
    """The first third, to the end of the sentence."""
    parts, kept, wanted = sentences(text), [], len(text) / 3
    for part in parts:
        kept.append(part)
        wanted -= len(part)
        if wanted <= 0:
            break
    return "\n".join(kept)


def framed(text: str, choose: random.Random, house: list[str]) -> str:
    """An introduction and a tail out of other texts, each about a sixth of the length."""
    before, after = (sentences(choose.choice(house)) for _ in range(2))
    take = partial(_take, limit=len(text) / 6)
    return "\n\n".join((take(before), text, take(after[::-1])))


def _take(parts: list[str], limit: float) -> str:
    kept: list[str] = []
    for part in parts:
        if sum(map(len, kept)) > limit:
            break
        kept.append(part[: int(limit) + 80])
    return "\n".join(kept)


def translated(text: str) -> str:
    """Every word another one, the same for the same, but for numbers and names. Of CJK text every character."""

    def other(found: re.Match[str]) -> str:
        word = found.group()
        if CJK.match(word):
            return chr(0x4E00 + (ord(word) * 7919) % 20000)
        if word[0].isupper() or word.isdigit():
            return word
        return hashlib.blake2b(word.encode(), digest_size=4).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))

    return re.sub(rf"{CJK.pattern}|[^\W_]+", other, text)


WEATHER = "{day} will see {sky} in {city} with highs of {high} degrees and lows of {low} degrees."
SCORE = "{city} {club} beat {city} {club} {high}-{low} before {crowd} spectators."
SHARE = "Shares of {city} {firm} {moved} by {low}.{high} percent to {crowd} crowns."
REPORTS = (
    ("The weather office expects a {kind} week for {city}. ", WEATHER, " Pollen counts are {kind}."),
    ("Results of round {high} of the {kind} league. ", SCORE, " The table is led by {city} with {crowd} points."),
    ("The {city} exchange closed {kind} on {day}. ", SHARE, " The crown was traded at {low}.{high} in {city}."),
)
"""Templates of daily reports, in our own words: opening, a sentence that comes eight times, end."""


class Slots(dict[str, object]):
    """Fills the slots of a template, another value each time."""

    def __init__(self, choose: random.Random) -> None:
        super().__init__()
        self._choose = choose

    def __missing__(self, name: str) -> object:
        pick, number = self._choose.choice, self._choose.randint
        values: dict[str, object] = {
            "city": pick(CITIES),
            "club": pick(CLUBS),
            "firm": pick(("Mills", "Steel", "Foods", "Bank", "Lines")),
            "day": pick(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")),
            "sky": pick(("sun", "rain", "fog", "snow", "wind")),
            "kind": pick(("mild", "cold", "wet", "dry", "high", "low")),
            "moved": pick(("rose", "fell")),
            "high": number(2, 31),
            "low": number(0, 9),
            "crowd": number(90, 9000),
        }
        return values[name]


def daily_report(choose: random.Random, kind: int) -> str:
    """A report that is printed from one template every day."""
    opening, sentence, end = REPORTS[kind]
    return "".join(part.format_map(Slots(choose)) for part in (opening, *[sentence + " "] * 8, end))


def copies(text: str, house: list[str], words: list[str], choose: random.Random) -> Iterator[tuple[str, str]]:
    """Every way a story is printed again."""
    yield "agency lines", agency(text, choose)
    yield "another headline", text
    yield "light edits", edited(text, choose, words)
    yield "cut to a third", cut(text)
    yield "introduction and tail", framed(text, choose, house)
    yield "all of these", framed(agency(edited(cut(text), choose, words, 0.03), choose), choose, house)


def likest(texts: list[str]) -> list[int]:
    """For each text the number of the likest other one, by the words they share (rare ones count more)."""
    bags = [Counter(re.findall(r"\w{3,}", text.lower())) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    vectors = [
        {word: (1 + math.log(count)) * math.log(len(texts) / spread[word]) for word, count in bag.items() if 1 < spread[word] < 200}
        for bag in bags
    ]
    holders: dict[str, list[int]] = {}
    for number, vector in enumerate(vectors):
        for word in vector:
            holders.setdefault(word, []).append(number)
    norms = [math.sqrt(sum(value * value for value in vector.values())) or 1 for vector in vectors]
    found = []
    for number, vector in enumerate(vectors):
        scores: Counter[int] = Counter()
        for word, value in vector.items():
            for other in holders[word]:
                if other != number:
                    scores[other] += value * vectors[other][word] / norms[other]  # type: ignore[assignment]
        found.append(scores.most_common(1)[0][0] if scores else (number + 1) % len(texts))
    return found


def pairs_of(texts: list[str], house: list[str], choose: random.Random) -> list[Pair]:
    """Copies and others, about as many of each."""
    words = sorted({word for text in texts[:200] for word in text.split()})
    found = [Pair(kind, text, copy, True) for text in texts for kind, copy in copies(text, house, words, choose)]
    tail = "About the company. " + " ".join(choose.choices(words, k=60))
    for text, near in zip(texts, likest(texts), strict=True):
        other = choose.choice(texts)
        quotation = _take(sentences(other)[1:], min(len(other) / 5, 400))
        found.append(Pair("likest other story", text, texts[near], False))
        found.append(Pair("a common quotation", f"{text}\n\n{quotation}", other, other == text))
        found.append(Pair("a common company tail", f"{text}\n\n{tail}", f"{other}\n\n{tail}", other == text))
        found.append(Pair("translated", text, translated(text), False))
        others = choose.sample(texts, 3)
        if text not in others:
            found.append(Pair("a round-up that holds it", text, "\n\n".join((*others[:2], text, others[2])), False))
        for kind in range(3):
            found.append(Pair("daily report from a template", daily_report(choose, kind), daily_report(choose, kind), False))
    return [pair for pair in found if min(length(pair.one), length(pair.other)) >= 20]


def simhash(text: str) -> int:
    """64 bits over runs of three words."""
    words = text.casefold().split()
    sums = [0] * 64
    for start in range(len(words) - 2):
        digest = int.from_bytes(hashlib.blake2b(" ".join(words[start : start + 3]).encode(), digest_size=8).digest(), "big")
        for bit in range(64):
            sums[bit] += 1 if digest >> bit & 1 else -1
    return sum(1 << bit for bit in range(64) if sums[bit] > 0)


def scores() -> dict[str, Callable[[str, str], float]]:
    """Method -> likeness of two texts, higher is liker."""
    methods: dict[str, Callable[[str, str], float]] = {
        "share of the shorter text's runs": lambda one, other: overlap(runs_of(one), runs_of(other)),
        "SimHash, 64 bits": lambda one, other: -(simhash(one) ^ simhash(other)).bit_count(),
    }
    try:
        from rensa import RMinHash
    except ImportError:
        return methods

    def minhash(text: str) -> RMinHash:
        words = re.findall(r"\w+", text.casefold())
        made = RMinHash(num_perm=128, seed=42)
        made.update([" ".join(words[start : start + 4]) for start in range(max(len(words) - 3, 1))])
        return made

    methods["rensa R-MinHash, 128 permutations"] = lambda one, other: minhash(one).jaccard(minhash(other))
    return methods


def best_threshold(scored: list[tuple[float, bool]]) -> float:
    """The threshold with the most copies found at a precision of at least 0.98."""
    best, found = math.inf, -1
    right = wrong = 0
    for score, is_same in sorted(scored, key=lambda item: -item[0]):
        right, wrong = right + is_same, wrong + (not is_same)
        if right / (right + wrong) >= 0.98 and right > found:
            best, found = score, right
    return best


def report(pairs: list[Pair], likeness: list[float], threshold: float) -> dict[str, object]:
    """Precision, recall and what was found of each kind."""
    said = [score >= threshold for score in likeness]
    right = sum(answer and pair.is_same for answer, pair in zip(said, pairs, strict=True))
    by_kind: dict[str, list[int]] = {}
    for answer, pair in zip(said, pairs, strict=True):
        counts = by_kind.setdefault(("copy: " if pair.is_same else "other: ") + pair.kind, [0, 0])
        counts[0] += answer
        counts[1] += 1
    return {
        "threshold": round(threshold, 3),
        "precision": round(right / max(sum(said), 1), 4),
        "recall": round(right / sum(pair.is_same for pair in pairs), 4),
        "called the same": {kind: f"{found} of {number}" for kind, (found, number) in sorted(by_kind.items())},
    }


def base_texts(limit: int) -> list[str]:
    """Texts of the bench that are long enough, none a copy of another."""
    texts, kept = [page.bodies[0] for page in bench_pages(bench_folder(), articles_only=True) if page.bodies], []
    runs = []
    for text in texts:
        if length(text) < MIN_WORDS or len(kept) >= limit:
            continue
        mine = runs_of(text)
        if all(overlap(mine, other) < 0.3 for other in runs):
            kept.append(text)
            runs.append(mine)
    return kept


def measure_index(texts: list[str], house: list[str]) -> dict[str, object]:
    """Texts and their copies through Store.save in random order: are they in one cluster, and nobody else?

    Milliseconds of processor time: `sketch_ms` falls outside of the transaction, `follow_ms` inside it (looking up, comparing, writing).
    """
    choose = random.Random(5)
    words = sorted({word for text in texts[:200] for word in text.split()})
    items = [(number, "original", text) for number, text in enumerate(texts)]
    items += [(number, kind, copy) for number, text in enumerate(texts) for kind, copy in copies(text, house, words, choose)]
    items = [item for item in items if length(item[2]) >= 20]
    choose.shuffle(items)
    sketched, followed = [], []
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "similar.db") as store:
        run = store.begin_run({}, ["https://bench.example/"]).id
        real = similar.follow

        def timed(*values: Any) -> None:  # noqa: ANN401 - handed on
            start = time.thread_time()
            real(*values)
            followed.append((time.thread_time() - start) * 1000)

        similar.follow = timed
        for index, (_, kind, text) in enumerate(items):
            start = time.thread_time()
            similar.signature(runs_of(text))
            sketched.append((time.thread_time() - start) * 1000)
            url = f"https://s{index % 50}.example/{index}"
            article = Article(url=url, title=f"{kind} {index}", body_blocks=[BodyBlock("paragraph", text)])
            store.save(
                [Capture(url=url, outcome=Outcome.STORED, page=Page(url=url, body=b""), extraction=Extraction(article=article))], run
            )
        similar.follow = real
        clusters = [row[0] for row in store.connection.execute("SELECT cluster_id FROM article ORDER BY id")]
    where = {number: cluster for (number, kind, _), cluster in zip(items, clusters, strict=True) if kind == "original"}
    members = Counter(cluster for cluster in clusters if cluster is not None)
    pairs = sum(count * (count - 1) // 2 for count in members.values())
    by_story = Counter((cluster, number) for (number, _, _), cluster in zip(items, clusters, strict=True) if cluster is not None)
    right = sum(count * (count - 1) // 2 for count in by_story.values())
    found = [
        cluster is not None and cluster == where.get(number)
        for (number, kind, _), cluster in zip(items, clusters, strict=True)
        if kind != "original"
    ]
    return {
        "articles": len(items),
        "copies in the cluster of their original": round(sum(found) / len(found), 4),
        "pairs in one cluster that are one story": round(right / max(pairs, 1), 4),
        "sketch_ms": round(statistics.mean(sketched), 3),
        "follow_ms": round(statistics.mean(followed), 3),
    }


def main() -> None:
    """Build the pairs, choose thresholds on one half, print the figures of the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=600)
    options = parser.parse_args()
    texts = base_texts(options.texts)
    random.Random(3).shuffle(texts)
    house, texts = texts[: len(texts) // 5], texts[len(texts) // 5 :]
    halves = [pairs_of(texts[start::2], house, random.Random(start)) for start in range(2)]
    found: dict[str, object] = {"texts": len(texts), "pairs": len(halves[1])}
    for name, likeness in scores().items():
        scored = [[likeness(pair.one, pair.other) for pair in half] for half in halves]
        threshold = best_threshold([(score, pair.is_same) for score, pair in zip(scored[0], halves[0], strict=True)])
        found[name] = report(halves[1], scored[1], threshold)
        if name.startswith("share"):
            found[f"{name}, as set ({SAME})"] = report(halves[1], scored[1], SAME)
    found["index"] = measure_index(texts, house)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
