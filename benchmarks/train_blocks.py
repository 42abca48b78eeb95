"""Train the block model: `make train`. The same data give the same bytes.

Prints the body score of cross-validation in folds by registrable domain, then trains on all pages and writes
newsarchive/extractors/weights/blocks.npz, with blocks.json beside it that says from what.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import hashlib
import json
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
from bench_data import SETS, bench_folder, bench_pages, scorer
from block_examples import Example, example
from perceptron import Array, Recipe, train

from newsarchive.extractors.block_model import WEIGHTS, scaled, squashed
from newsarchive.extractors.body import choose_blocks

FOLDS = 4
RECIPE = Recipe()
SEEDS = (0,)


def main() -> None:
    """Cross-validate, then write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-cv", action="store_true", help="write the weights without cross-validation")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    folder = bench_folder()
    pages = list(bench_pages(folder, articles_only=True))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        examples = [found for found in pool.map(example, pages, chunksize=8) if found is not None]
    print(f"{len(examples)} pages, {sum(len(e.labels) for e in examples)} blocks, {len(examples[0].names)} features")
    result = {} if args.no_cv else cross_validated(examples, scorer(folder))
    write(args.out, examples, result)


def stacked(examples: list[Example]) -> tuple[Array, Array, Array]:
    """Features, labels and weights of all blocks; a longer block weighs more, by the logarithm."""
    features = np.concatenate([e.features for e in examples])
    labels = np.concatenate([e.labels for e in examples])
    weights = np.concatenate([e.weights * np.log1p([len(text) for text in e.texts]) for e in examples]).astype(np.float32)
    return features, labels, (weights / weights.mean()).astype(np.float32)


def fitted(examples: list[Example]) -> tuple[Array, Array, list[tuple[Array, Array]]]:
    """Mean, scale and layers; the nets of all seeds side by side as one."""
    features, labels, weights = stacked(examples)
    flat = squashed(features)
    mean, scale = flat.mean(axis=0), 1 / (flat.std(axis=0) + 1e-3)
    inputs = scaled(features, mean, scale).astype(np.float32)
    return mean, scale, side_by_side([train(inputs, labels, weights, seed, RECIPE) for seed in SEEDS])


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


def probabilities(features: Array, model: tuple[Array, Array, list[tuple[Array, Array]]]) -> Array:
    """What the shipped model computes."""
    mean, scale, layers = model
    values = scaled(features, mean, scale)
    for weight, bias in layers[:-1]:
        values = np.maximum(values @ weight + bias, 0)
    weight, bias = layers[-1]
    return (1 / (1 + np.exp(-(values @ weight + bias)))).mean(axis=1)


def fold_of(domain: str) -> int:
    """The fold of a site, the same on every machine."""
    return zlib.crc32(domain.encode()) % FOLDS


def cross_validated(examples: list[Example], score: ModuleType) -> dict[str, float]:
    """Body F1 of each set, every page judged by a model that saw no page of its site."""
    found: dict[str, list[tuple[float | None, float | None, float]]] = {name: [] for name in SETS}
    for fold in range(FOLDS):
        started = time.perf_counter()
        model = fitted([e for e in examples if fold_of(e.domain) != fold])
        for held in (e for e in examples if fold_of(e.domain) == fold and e.bodies):
            kept = choose_blocks(held.texts, [float(q) for q in probabilities(held.features, model)])
            body = "\n".join(held.texts[number] for number in kept)
            found[held.id.split("/")[0]].append(max((score.body_score(answer, body) for answer in held.bodies), key=lambda s: s[2]))
        print(f"fold {fold}: {time.perf_counter() - started:.0f} s")
    result = {name: round(f1_of(scores), 4) for name, scores in found.items()}
    print("cross-validated by site: " + "  ".join(f"{name} {value:.4f}" for name, value in result.items()))
    return result


def f1_of(scores: list[tuple[float | None, float | None, float]]) -> float:
    """The benchmark's figure: F1 of the mean precision and the mean recall."""
    precision = float(np.mean([s[0] for s in scores if s[0] is not None]))
    recall = float(np.mean([s[1] for s in scores if s[1] is not None]))
    return 2 * precision * recall / (precision + recall)


def write(path: Path, examples: list[Example], result: dict[str, float]) -> None:
    """The weights in half precision, and what they were made of."""
    mean, scale, layers = fitted(examples)
    arrays: dict[str, np.ndarray] = {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32), "layers": np.array(len(layers))}
    arrays["names"] = np.array(" ".join(examples[0].names))
    for number, (weight, bias) in enumerate(layers):
        arrays[f"w{number}"], arrays[f"b{number}"] = weight.astype(np.float16), bias.astype(np.float32)
    np.savez(path, **arrays)  # type: ignore[arg-type]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pages = hashlib.sha256("\n".join(sorted(e.id for e in examples)).encode()).hexdigest()
    about = {
        "command": "make train",
        "data": {name: sum(e.id.startswith(name + "/") for e in examples) for name in SETS},
        "data_list_sha256": pages,
        "seeds": list(SEEDS),
        "features": len(examples[0].names),
        "cross_validated_body_f1": result,
        "sha256": digest,
    }
    path.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
