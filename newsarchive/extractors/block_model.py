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


BINARY = ("tag_", "inline_", "near_", "mid_", "far_", "in_")
"""Beginnings of the names of columns that are 0 or 1; they stand side by side and are more than half of all."""


@dataclass(frozen=True, slots=True)
class Net:
    """Scaling and layers of the perceptron.

    Columns of zeros and ones need no logarithm and no clipping: their scaling is part of the first layer's weights, which
    spares half of the arithmetic.
    """

    names: tuple[str, ...]
    mean: Array
    scale: Array
    layers: tuple[tuple[Array, Array], ...]
    start: int = 0
    """The first of the binary columns."""
    end: int = 0
    """The column after the last of them; as `start` where there are none."""

    def probabilities(self, features: Array) -> Array:
        """One probability a row."""
        weight, bias = self.layers[0]
        start, end = self.start, self.end
        values = features[:, start:end] @ weight[start:end] + bias
        for part in (slice(0, start), slice(end, None)):
            values += scaled(features[:, part], self.mean[part], self.scale[part]) @ weight[part]
        values = np.maximum(values, 0)
        for weight, bias in self.layers[1:-1]:
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
        return folded(Net(names, data["mean"].astype(np.float32), data["scale"].astype(np.float32), layers))


def folded(net: Net) -> Net:
    """The same net with the scaling of the binary columns in its first layer."""
    is_binary = [name.startswith(BINARY) for name in net.names]
    start, count = is_binary.index(True) if any(is_binary) else 0, sum(is_binary)
    end = start + count
    assert all(is_binary[start:end]), "the binary columns must stand side by side"
    ends = scaled(np.array([[0.0], [1.0]], np.float32).repeat(count, axis=1), net.mean[start:end], net.scale[start:end])
    weight, bias = net.layers[0]
    weight = weight.copy()
    bias = bias + ends[0] @ weight[start:end]
    weight[start:end] *= (ends[1] - ends[0])[:, None]
    return Net(net.names, net.mean, net.scale, ((weight, bias), *net.layers[1:]), start, end)


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
