"""Score title, dates and authors on the bench pages, by halves of the sites, beside what could be reached at all.

    python benchmarks/run_metadata.py [--missed FIELD]

Two halves by registrable domain: rules are made by looking at the first and only scored on the second. Ceilings: whether
any candidate is right, and what the best single source of each site would give, chosen by the answers of its own pages.
The choice of titles is compared with a learned one (conditional logit over the candidates), cross-validated by site.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from bench_data import bench_folder, bench_pages, scorer

from newsarchive.extractors.metadata import read_metadata
from newsarchive.extractors.structured import squeeze
from newsarchive.extractors.title import NEWS_TYPES, TitleCandidate, best_spelling
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.read import read_page
from newsarchive.urls import registrable_domain

SETS = ("fundus", "wcxb")
FOLDS = 8
STEPS, RATE, PENALTY = 300, 0.3, 0.02
"""Of the logit; penalties from 0.003 to 0.1 score within 0.01 of each other."""


@dataclass(frozen=True, slots=True)
class Row:
    """One page: what was read and what is right."""

    id: str
    site: str
    answer: dict[str, Any]
    fields: dict[str, Any]
    candidates: list[FieldCandidate]
    is_news: bool
    """Whether the page calls itself a news article."""

    def fold(self, count: int) -> int:
        """The part of the sites this one belongs to."""
        return hashlib.sha256(self.site.encode()).digest()[0] % count

    def of(self, field: str) -> list[FieldCandidate]:
        """The candidates of one field."""
        return [candidate for candidate in self.candidates if candidate.field == field]


def rows(score: ModuleType) -> list[Row]:
    """The metadata of every article page of the sets that have answers for it."""
    answers = {f"{name}/{key}": answer for name in SETS for key, answer in score.answers(name).items()}
    found = []
    for page in bench_pages(bench_folder(), articles_only=True):
        if page.id in answers:
            read = read_metadata(read_page(page.html, page.url))
            is_news = bool(read.structured.types & NEWS_TYPES)
            found.append(Row(page.id, registrable_domain(page.url), answers[page.id], read.fields, read.candidates, is_news))
    return found


def is_title(score: ModuleType, row: Row, text: str | None) -> bool:
    """Whether a text is the page's title."""
    return bool(score.plain(text) == score.plain(row.answer["title"]))


def outcomes(score: ModuleType, row: Row) -> dict[str, float | None]:
    """Field -> right or not; None where the answer does not say. Authors are counted apart."""
    said, date = score.instant(row.fields.get("date_published")), score.instant(row.answer.get("published"))
    dates = [score.instant(c.value) for c in (*row.of("date_published"), *row.of("date_modified"))]
    return {
        "title": is_title(score, row, row.fields.get("title")),
        "title, any candidate": any(is_title(score, row, c.value) for c in row.of("title")),
        "day": score.same_day(date, said) if date else None,
        "day, any candidate": any(score.same_day(date, other) for other in dates) if date else None,
        "day, any published": any(score.same_day(date, score.instant(c.value)) for c in row.of("date_published")) if date else None,
        "instant": score.same_instant(date, said) if date else None,
    }


def authors_f1(score: ModuleType, chosen: Sequence[Row]) -> float:
    """The scorer's measure on these pages."""
    counts: Counter[str] = Counter()
    for row in chosen:
        if row.answer.get("authors"):
            right, said = (
                {score.plain(name).casefold().strip(" .,;") for name in names or []}
                for names in (row.answer["authors"], row.fields.get("authors"))
            )
            counts.update(hit=len(right & said), false=len(said - right), missed=len(right - said))
    return 2 * counts["hit"] / max(1, 2 * counts["hit"] + counts["false"] + counts["missed"])


def best_source_share(score: ModuleType, chosen: Sequence[Row]) -> float:
    """Share of titles that are right when each site's best source is known from the answers."""
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in chosen:
        hits[row.site].update(c.source for c in row.of("title") if is_title(score, row, c.value))
    return sum(max(counter.values(), default=0) for counter in hits.values()) / len(chosen)


Options = tuple[Row, list[str], list[dict[str, float]]]


def options_of(row: Row) -> Options:
    """The titles that a page offers, sources that agree taken together and spelled as the engine does, and the features of each."""
    groups: dict[str, list[TitleCandidate]] = {}
    for candidate in row.of("title"):
        key = squeeze(candidate.value)
        groups.setdefault(key, []).append(TitleCandidate(candidate.source, candidate.value, candidate.value, key))
    features = []
    for group in groups.values():
        sources = sorted({candidate.source for candidate in group})
        pairs = [f"{a}+{b}" for i, a in enumerate(sources) for b in sources[i + 1 :]]
        shared = dict.fromkeys([*sources, *pairs], 1.0) | {"sources": float(len(sources))}
        kind = "news" if row.is_news else "other"
        features.append(shared | {f"{name} on {kind}": value for name, value in shared.items()})
    return row, [best_spelling(group).text for group in groups.values()], features


def learned_titles(score: ModuleType, chosen: Sequence[Row]) -> dict[str, bool]:
    """Page -> whether a conditional logit, trained on other sites, chooses the right title."""
    offered = [options_of(row) for row in chosen]
    names = {name: at for at, name in enumerate(sorted({name for _, _, options in offered for f in options for name in f}))}
    result = {}
    for fold in range(FOLDS):
        weights = fit(score, [option for option in offered if option[0].fold(FOLDS) != fold], names)
        for row, titles, features in offered:
            if row.fold(FOLDS) == fold:
                totals = [sum(weights[names[name]] * value for name, value in f.items()) for f in features]
                result[row.id] = bool(titles) and is_title(score, row, titles[int(np.argmax(totals))])
    return result


def fit(score: ModuleType, offered: Sequence[Options], names: dict[str, int]) -> np.ndarray:
    """Weights by gradient descent, pages whose candidates are all right or all wrong left out."""
    data: list[np.ndarray] = []
    page: list[int] = []
    right: list[float] = []
    for row, titles, features in offered:
        marks = [float(is_title(score, row, title)) for title in titles]
        if 0 < sum(marks) < len(marks):
            page += [len(set(page))] * len(marks)
            right += marks
            for option in features:
                line = np.zeros(len(names))
                for name, value in option.items():
                    line[names[name]] = value
                data.append(line)
    matrix, owner, target = np.array(data), np.array(page), np.array(right)
    weights, speed = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(STEPS):
        power = np.exp(matrix @ weights)
        share = power / np.bincount(owner, power)[owner]
        wanted = power * target / np.bincount(owner, power * target)[owner]
        speed = 0.9 * speed - RATE * (matrix.T @ (share - wanted) / (owner.max() + 1) + PENALTY * weights)
        weights = weights + speed
    return weights


def main() -> None:
    """Read, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", default=None, help="print the pages of the first half where this field is wrong")
    args = parser.parse_args()
    score = scorer(bench_folder())
    found = rows(score)
    learned = learned_titles(score, found)
    for name in SETS:
        for half in (None, 0, 1):
            chosen = [row for row in found if row.id.startswith(name + "/") and half in (None, row.fold(2))]
            results = [outcomes(score, row) for row in chosen]
            shares = {key: [r[key] for r in results if r[key] is not None] for key in results[0]}
            line = {key: sum(map(float, values)) / len(values) for key, values in shares.items()} | {  # type: ignore[arg-type]
                "title, best source of each site": best_source_share(score, chosen),
                "title, learned": sum(learned[row.id] for row in chosen) / len(chosen),
                "authors": authors_f1(score, chosen),
            }
            part = "all" if half is None else ("looked at", "only scored")[half]
            print(f"{name:7} {part:12} {len(chosen):4} pages  " + "  ".join(f"{key} {value:.3f}" for key, value in line.items()))
    for row in found:
        if args.missed and row.fold(2) == 0 and outcomes(score, row).get(args.missed) is False:
            print(f"{row.id}: {args.missed} wrong")


if __name__ == "__main__":
    main()
