"""A multilayer perceptron trained with numpy alone: ReLU, dropout, AdamW, cosine schedule. The same seed gives the same bytes.

It has two heads on its last hidden layer: one probability (body text or not), and a choice among labels. Where it is known
only that a row has one of several labels, their sum is what is trained.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a net is trained. The values were chosen by cross-validation; docs/decisions has the runners-up."""

    hidden: tuple[int, ...] = (128,)
    epochs: int = 8
    batch: int = 512
    rate: float = 1.5e-3
    decay: float = 0.02
    dropout: float = 0.25
    input_dropout: float = 0.2
    label_share: float = 0.3
    """Weight of the labels against the one probability."""


def train(features: Array, targets: Array, weights: Array, seed: int, recipe: Recipe) -> list[Array]:
    """Weights and biases in turn.

    `targets`: in the first column 1 for body text, in the others 1 for every label that the row can have.
    """
    rng = np.random.default_rng(seed)
    sizes = [features.shape[1], *recipe.hidden, targets.shape[1]]
    params: list[Array] = []
    for rows, columns in pairwise(sizes):
        params += [rng.normal(0, np.sqrt(2 / rows), (rows, columns)).astype(np.float32), np.zeros(columns, np.float32)]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    count, step = len(features), 0
    steps = recipe.epochs * (count // recipe.batch)
    for _ in range(recipe.epochs):
        order = rng.permutation(count)
        for start in range(0, count - recipe.batch + 1, recipe.batch):
            rows = order[start : start + recipe.batch]
            step += 1
            gradients = _gradients(params, features[rows], targets[rows], weights[rows], rng, recipe)
            rate = recipe.rate * min(1.0, step / 200) * 0.5 * (1 + np.cos(np.pi * step / steps))
            for number, gradient in enumerate(gradients):
                first[number] = 0.9 * first[number] + 0.1 * gradient
                second[number] = 0.999 * second[number] + 0.001 * gradient**2
                update = (first[number] / (1 - 0.9**step)) / (np.sqrt(second[number] / (1 - 0.999**step)) + 1e-8)
                if params[number].ndim == 2:
                    update = update + recipe.decay * params[number]
                params[number] -= np.float32(rate) * update
    return params


def _gradients(params: list[Array], inputs: Array, targets: Array, weights: Array, rng: np.random.Generator, recipe: Recipe) -> list[Array]:
    values = inputs * (rng.random(inputs.shape, dtype=np.float32) > recipe.input_dropout)
    layers = len(params) // 2
    activations, masks = [values], []
    for layer in range(layers - 1):
        mask = (rng.random((len(values), params[2 * layer].shape[1]), dtype=np.float32) > recipe.dropout) / np.float32(1 - recipe.dropout)
        values = np.maximum(values @ params[2 * layer] + params[2 * layer + 1], 0) * mask
        masks.append(mask)
        activations.append(values)
    error = _error(values @ params[-2] + params[-1], targets, recipe.label_share) * (weights / len(weights))[:, None]
    gradients: list[Array] = [np.zeros(0, np.float32)] * len(params)
    for layer in range(layers - 1, -1, -1):
        gradients[2 * layer] = activations[layer].T @ error
        gradients[2 * layer + 1] = error.sum(axis=0)
        if layer:
            error = (error @ params[2 * layer].T) * (activations[layer] > 0) * masks[layer - 1]
    return gradients


def _error(logits: Array, targets: Array, label_share: float) -> Array:
    """How far the outputs are from the targets: the gradient of both heads' losses by the logits."""
    body = 1 / (1 + np.exp(-logits[:, :1])) - targets[:, :1]
    powers = np.exp(logits[:, 1:] - logits[:, 1:].max(axis=1, keepdims=True))
    chances = powers / powers.sum(axis=1, keepdims=True)
    possible = chances * targets[:, 1:]
    labels = chances - possible / (possible.sum(axis=1, keepdims=True) + 1e-9)
    return np.concatenate([body, label_share * labels], axis=1).astype(np.float32)
