"""Examples for the block model: the features of every block of a page, and whether it stands in the answer."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from bench_data import BenchPage
from block_labels import possible_labels

from newsarchive.errors import UnreadablePage
from newsarchive.extractors.block_arrays import Array
from newsarchive.extractors.body import evidence_of
from newsarchive.extractors.features import block_features
from newsarchive.extractors.metadata import read_metadata
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.read import read_page
from newsarchive.urls import registrable_domain

LONG = 25
"""Letters and digits. A longer block is body where over 60 % of its 3-grams stand in the answer, a shorter one where it is
a line of it."""

IN_ANSWER = 0.6
_NUMBER = re.compile(r"^\s*\d+[.)]\s*")
_WORD = re.compile(r"\w+")
_INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")


@dataclass(slots=True)
class Example:
    """One page."""

    id: str
    domain: str
    features: Array
    names: list[str]
    targets: Array
    """In the first column 1 for body, in the others 1 for each label that the block can have."""
    weights: Array
    """0 for blocks of the standfirst, which the answers hold or do not."""
    sizes: npt.NDArray[np.int64]
    """Characters of each block."""


def example(page: BenchPage) -> Example | None:
    """The example of a page; None where the page has no text at all."""
    try:
        document = read_page(page.html, page.url)
    except UnreadablePage:
        return None
    if not document.blocks:
        return None
    return example_of(page, document)


def example_of(page: BenchPage, document: Document) -> Example:
    """The example of a page that was read."""
    features, names = block_features(document, evidence_of(read_metadata(document)))
    labels, weights = label(document.blocks, page.bodies)
    targets = np.concatenate([labels[:, None], possible_labels(document.blocks, labels, features, names)], axis=1)
    sizes = np.array([len(block.text) for block in document.blocks])
    return Example(page.id, registrable_domain(page.url), features, names, targets, weights, sizes)


def label(blocks: list[Block], bodies: tuple[str, ...]) -> tuple[Array, Array]:
    """Labels and weights: duplicates count as often as the answer holds them, where most of their neighbours are body too."""
    if not bodies:
        return np.zeros(len(blocks), np.float32), np.ones(len(blocks), np.float32)
    full, core = max(bodies, key=len), min(bodies, key=len)
    labels = _in_answer(blocks, full)
    without = labels if core == full else _in_answer(blocks, core)
    weights = np.where(labels > without, 0.0, 1.0)
    around = np.convolve(labels, np.ones(11), "same")[: len(labels)]
    groups: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if labels[number]:
            groups.setdefault(_key(block.text), []).append(number)
    whole, lines = _key(full), Counter(_lines(full))
    for key, members in groups.items():
        if len(members) > 1:
            allowed = max(1, whole.count(key) if len(key) >= LONG else lines[key])
            for number in sorted(members, key=lambda n: -around[n])[allowed:]:
                labels[number] = 0
    return labels.astype(np.float32), weights.astype(np.float32)


def _clean(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).lower()


def _key(text: str) -> str:
    return "".join(_WORD.findall(_clean(text)))


def _lines(answer: str) -> list[str]:
    """The keys of the answer's lines, of the cells of its tables, and of its numbered items without their numbers."""
    keys: list[str] = []
    for line in answer.split("\n"):
        cells = re.split(r"[|\t]", line)
        keys.append(_key(line))
        if len(cells) > 1:
            keys += [_key(cell) for cell in cells]
        elif _NUMBER.match(line):
            keys.append(_key(_NUMBER.sub("", line)))
    return [key for key in keys if key]


def _in_answer(blocks: list[Block], answer: str) -> Array:
    tokens = _WORD.findall(_clean(answer))
    trigrams = set(zip(tokens, tokens[1:], tokens[2:], strict=False))
    lines = set(_lines(answer))
    whole = "".join(tokens)
    labels = np.zeros(len(blocks), np.float32)
    for number, block in enumerate(blocks):
        words = _WORD.findall(_clean(block.text))
        key = "".join(words)
        if len(key) < LONG:
            labels[number] = bool(key) and key in lines
        elif len(words) < 5:
            labels[number] = key in whole
        else:
            own = list(zip(words, words[1:], words[2:], strict=False))
            labels[number] = sum(gram in trigrams for gram in own) > IN_ANSWER * len(own)
    return labels
