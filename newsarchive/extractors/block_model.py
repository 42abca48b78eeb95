"""The learned part: what every block of a page is, by a small multilayer perceptron in numpy.

It has two answers on one hidden layer: the probability of being body text, which decides, and the label of the block, which
is for people (`explain`) and was worth its place in training. The weights stand in `weights/blocks.npz`, made by `make train`;
`weights/blocks.json` says from what.
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

LABELS = ("paragraph", "heading", "list_item", "quote", "caption", "table_or_code", "headline", "byline_or_date", "teaser", "promo",
          "navigation", "comment", "picture_caption", "tail")  # fmt: skip
"""What a block can be; the first BODY_LABELS of them are kinds of body text. `promo` is ads, newsletters and consent, `tail`
what stands after articles: biographies, legal notices, footers."""

BODY_LABELS = 6


BINARY = ("tag_", "inline_", "near_", "mid_", "far_", "in_")
"""Beginnings of the names of columns that are 0 or 1; they stand side by side and are more than half of all."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of the blocks of a page, in page order."""

    body: list[float]
    """Probability of being body text, 0 to 1."""
    labels: list[str]
    """The likeliest of LABELS."""


@dataclass(frozen=True, slots=True)
class Net:
    """Scaling and layers of the perceptron. The last layer has 1 + len(LABELS) outputs for each of the nets it joins.

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

    def outputs(self, features: Array) -> tuple[Array, Array]:
        """The probability of body text of each row, and the weights of the labels (rows x labels; the larger, the likelier)."""
        weight, bias = self.layers[0]
        start, end = self.start, self.end
        # Most hints are given nowhere on a page: without their columns of zeros the same sums are half of the work.
        used = np.flatnonzero(features[:, start:end].max(axis=0, initial=0)) + start
        values = features.T[used].T @ weight[used]
        values += bias
        for part in (slice(0, start), slice(end, None)):
            values += scaled(features[:, part], self.mean[part], self.scale[part]) @ weight[part]
        np.maximum(values, 0, out=values)
        for weight, bias in self.layers[1:-1]:
            values = np.maximum(values @ weight + bias, 0)
        weight, bias = self.layers[-1]
        logits = (values @ weight + bias).reshape(len(features), -1, 1 + len(LABELS))
        body: Array = (0.5 + 0.5 * np.tanh(0.5 * logits[:, :, 0])).mean(axis=1)
        return body, logits[:, :, 1:].sum(axis=1)


def squashed(features: Array) -> Array:
    """sign(x) log(1 + |x|): counts and lengths on one scale with shares."""
    result: Array = np.copysign(np.log1p(np.abs(features)), features)
    return result


def scaled(features: Array, mean: Array, scale: Array) -> Array:
    """Squashed, standardised and clipped features."""
    result = squashed(features)
    result -= mean
    result *= scale
    np.maximum(result, -CLIP, out=result)
    np.minimum(result, CLIP, out=result)
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


_weights = WEIGHTS


def use(path: Path) -> None:
    """Read other weights from now on in this process: cross-validation."""
    global _weights
    if path != _weights:
        _weights = path
        _net.cache_clear()


@lru_cache(maxsize=1)
def _net() -> Net:
    return load_net(_weights)


def judge_blocks(document: Document, evidence: Evidence) -> Judgement:
    """What every block of the page is."""
    if not document.blocks:
        return Judgement([], [])
    features, names = block_features(document, evidence)
    net = _net()
    assert len(names) == len(net.names), "the weights belong to other features: run make train"
    body, labels = net.outputs(features)
    return Judgement(body.tolist(), [LABELS[number] for number in labels.argmax(axis=1).tolist()])
