"""Train the block model: `make train`. The same data give the same bytes.

Prints the body score of cross-validation in folds by registrable domain, each page read by the whole engine (teasers, rules,
votes, data) with weights that saw no page of its site. Then trains on all pages and writes
newsarchive/extractors/weights/blocks.npz, with blocks.json beside it that says from what.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import hashlib
import json
import logging
import tempfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
from bench_data import SETS, BenchPage, bench_folder, bench_pages, scorer
from block_examples import Example, example
from perceptron import Array, Recipe, train

from newsarchive.extractors import block_model
from newsarchive.extractors.api import explain
from newsarchive.extractors.block_model import WEIGHTS, scaled, squashed
from newsarchive.urls import registrable_domain

FOLDS = 4
RECIPE = Recipe()
SEEDS = (0, 1)
"""Nets that are averaged; the second is worth 0.0005 to 0.001 and costs 0.4 ms a page."""


def main() -> None:
    """Cross-validate, then write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-cv", action="store_true", help="write the weights without cross-validation")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--worst", type=int, default=0, help="print so many of the worst pages of cross-validation")
    args = parser.parse_args()
    folder = bench_folder()
    pages = list(bench_pages(folder, articles_only=True))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        examples = [found for found in pool.map(example, pages, chunksize=8) if found is not None]
    print(f"{len(examples)} pages, {sum(len(e.targets) for e in examples)} blocks, {len(examples[0].names)} features")
    _EXAMPLES.extend(examples)
    result = {} if args.no_cv else cross_validated(pages, scorer(folder), args.worst)
    write(args.out, examples, result)


def stacked(examples: list[Example]) -> tuple[Array, Array, Array]:
    """Features, targets and weights of all blocks; a longer block weighs more, by the logarithm."""
    features = np.concatenate([e.features for e in examples])
    targets = np.concatenate([e.targets for e in examples])
    weights = np.concatenate([e.weights * np.log1p(e.sizes) for e in examples])
    return features, targets, (weights / weights.mean()).astype(np.float32)


Model = tuple[Array, Array, list[tuple[Array, Array]]]
"""Mean, scale and layers."""


_EXAMPLES: list[Example] = []
"""All pages; the processes that train inherit them."""


def fitted(without: int | None) -> Model:
    """The model of the pages of all folds but one; the nets of all seeds side by side as one."""
    features, targets, weights = stacked([e for e in _EXAMPLES if fold_of(e.domain) != without])
    flat = squashed(features)
    mean, scale = flat.mean(axis=0), 1 / (flat.std(axis=0) + 1e-3)
    inputs = scaled(features, mean, scale).astype(np.float32)
    return mean, scale, side_by_side([train(inputs, targets, weights, seed, RECIPE) for seed in SEEDS])


def side_by_side(nets: list[list[Array]]) -> list[tuple[Array, Array]]:
    """One net whose outputs are the outputs of all."""
    layers = []
    for number in range(0, len(nets[0]), 2):
        weights, biases = [net[number] for net in nets], [net[number + 1] for net in nets]
        if number == 0:
            joined = np.concatenate(weights, axis=1)
        else:
            rows, columns = weights[0].shape
            joined = np.zeros((rows * len(nets), columns * len(nets)), np.float32)
            for place, weight in enumerate(weights):
                joined[place * rows : (place + 1) * rows, place * columns : (place + 1) * columns] = weight
        layers.append((joined, np.concatenate(biases)))
    return layers


def fold_of(domain: str) -> int:
    """The fold of a site, the same on every machine."""
    return zlib.crc32(domain.encode()) % FOLDS


Read = tuple[str, str, bool]
"""A page's id, its body as the engine reads it, and whether trafilatura was asked."""


def cross_validated(pages: list[BenchPage], score: ModuleType, worst: int) -> dict[str, float]:
    """Body F1 of each set, share of pages with a second opinion and empty bodies; every page read with weights of other sites."""
    found: list[Read] = []
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(os.cpu_count()) as pool:
        weights = [Path(folder) / f"{fold}.npz" for fold in range(FOLDS)]
        list(pool.map(save_fitted, weights, range(FOLDS)))
        for fold in range(FOLDS):
            held = [page for page in pages if page.bodies and fold_of(registrable_domain(page.url)) == fold]
            found += pool.map(read, held, [weights[fold]] * len(held), chunksize=8)
    bodies = {page.id: page.bodies for page in pages}
    scores = {key: max((score.body_score(answer, body) for answer in bodies[key]), key=lambda s: s[2]) for key, body, _ in found}
    for key in sorted(scores, key=lambda key: scores[key][2])[:worst]:
        print(f"   {scores[key][2]:.3f}  {key}")
    result = {name: round(f1_of([s for key, s in scores.items() if key.startswith(name + "/")]), 4) for name in SETS}
    result["second_opinion"] = round(sum(asked for _, _, asked in found) / len(found), 4)
    result["empty"] = sum(not body for _, body, _ in found)
    print("cross-validated by site: " + "  ".join(f"{name} {value}" for name, value in result.items()))
    return result


def read(page: BenchPage, weights: Path) -> Read:
    """A page read by the whole engine with these weights."""
    logging.disable(logging.CRITICAL)
    block_model.use(weights)
    extraction = explain(page.html, page.url)
    return page.id, extraction.article.body, "second_opinion" in extraction.flags


def f1_of(scores: list[tuple[float | None, float | None, float]]) -> float:
    """The benchmark's figure: F1 of the mean precision and the mean recall."""
    precision = float(np.mean([s[0] for s in scores if s[0] is not None]))
    recall = float(np.mean([s[1] for s in scores if s[1] is not None]))
    return 2 * precision * recall / (precision + recall)


def save_fitted(path: Path, without: int | None) -> None:
    """The weights of all folds but one in half precision, as the engine reads them."""
    mean, scale, layers = fitted(without)
    arrays: dict[str, np.ndarray] = {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32), "layers": np.array(len(layers))}
    arrays["names"] = np.array(" ".join(_EXAMPLES[0].names))
    for number, (weight, bias) in enumerate(layers):
        arrays[f"w{number}"], arrays[f"b{number}"] = weight.astype(np.float16), bias.astype(np.float32)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def write(path: Path, examples: list[Example], result: dict[str, float]) -> None:
    """The weights of all pages, and what they were made of."""
    save_fitted(path, None)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pages = hashlib.sha256("\n".join(sorted(e.id for e in examples)).encode()).hexdigest()
    about = {
        "command": "make train",
        "data": {name: sum(e.id.startswith(name + "/") for e in examples) for name in SETS},
        "data_list_sha256": pages,
        "seeds": list(SEEDS),
        "features": len(examples[0].names),
        "labels": list(block_model.LABELS),
        "cross_validated": result,
        "sha256": digest,
    }
    path.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
