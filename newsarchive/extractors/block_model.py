"""The learned part: the probability of each block to be body text, by a small multilayer perceptron in numpy.

The weights stand in `weights/blocks.npz`, made by `make train`; `weights/blocks.json` says from what.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from newsarchive.extractors.block_arrays import Array, Evidence
from newsarchive.extractors.features import block_features
from newsarchive.pages.document import Document

WEIGHTS = Path(__file__).parent / "weights" / "blocks.npz"

CLIP = 4.0
"""Standard deviations a feature is cut at. RECIPE: without it a page of 10,000 links decides by one feature."""


@dataclass(frozen=True, slots=True)
class Net:
    """Scaling and layers of the perceptron."""

    names: tuple[str, ...]
    mean: Array
    scale: Array
    layers: tuple[tuple[Array, Array], ...]

    def probabilities(self, features: Array) -> Array:
        """One probability a row."""
        values = scaled(features, self.mean, self.scale)
        for weight, bias in self.layers[:-1]:
            values = np.maximum(values @ weight + bias, 0)
        weight, bias = self.layers[-1]
        logits = values @ weight + bias
        result: Array = (1 / (1 + np.exp(-logits))).mean(axis=1)
        return result


def squashed(features: Array) -> Array:
    """sign(x) log(1 + |x|): counts and lengths on one scale with shares."""
    result: Array = np.copysign(np.log1p(np.abs(features)), features)
    return result


def scaled(features: Array, mean: Array, scale: Array) -> Array:
    """Squashed, standardised and clipped features."""
    result: Array = np.clip((squashed(features) - mean) * scale, -CLIP, CLIP)
    return result


def load_net(path: Path) -> Net:
    """Read weights written by the training script."""
    with np.load(path, allow_pickle=False) as data:
        count = int(data["layers"])
        layers = tuple((data[f"w{number}"].astype(np.float32), data[f"b{number}"].astype(np.float32)) for number in range(count))
        names = tuple(str(data["names"]).split(" "))
        return Net(names, data["mean"].astype(np.float32), data["scale"].astype(np.float32), layers)


@lru_cache(maxsize=1)
def _net() -> Net:
    return load_net(WEIGHTS)


def body_probabilities(document: Document, evidence: Evidence) -> list[float]:
    """The probability of every block of the page to be body text, 0 to 1."""
    if not document.blocks:
        return []
    features, names = block_features(document, evidence)
    net = _net()
    assert len(names) == len(net.names), "the weights belong to other features: run make train"
    return [float(value) for value in net.probabilities(features)]
