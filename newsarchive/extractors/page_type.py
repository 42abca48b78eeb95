"""Article or not, and what else: a small learned model over the measures of `page_features`, with its reason in words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

import numpy as np

from newsarchive.discovery.classify import classify
from newsarchive.extractors.block_arrays import Floats
from newsarchive.extractors.metadata import Metadata
from newsarchive.extractors.page_features import page_features
from newsarchive.extractors.soft_404 import is_soft_404
from newsarchive.pages.document import Document

CLIP = 4.0
"""Standard deviations beyond which a measure counts no more, as in training."""


@dataclass(frozen=True, slots=True)
class PageType:
    """What a page is."""

    name: str
    """`article`, `home`, `listing`, `collection`, `product`, `forum`, `service`, `documentation`, `missing` or `empty`."""
    is_article: bool
    probability: float
    """0 to 1: that it is an article."""
    reason: str | None
    """Why it is none, for people; None for articles."""


@dataclass(frozen=True, slots=True)
class _Model:
    classes: tuple[str, ...]
    threshold: float
    features: tuple[str, ...]
    mean: Floats
    factor: Floats
    """One over the standard deviation of each feature in training."""
    weights: Floats
    """Features x classes."""
    intercept: Floats


@lru_cache(maxsize=1)
def _model() -> _Model:
    record = json.loads(files("newsarchive.extractors").joinpath("weights/page_type.json").read_text(encoding="utf-8"))
    weights, scale = np.array(record["weights"], np.float64), np.array(record["scale"], np.float64)
    return _Model(
        classes=tuple(record["classes"]),
        threshold=float(record["threshold"]),
        features=tuple(record["features"]),
        mean=np.array(record["mean"], np.float64),
        factor=1 / np.where(scale == 0, 1, scale),
        weights=weights[:-1],
        intercept=weights[-1],
    )


_REASONS = {
    "listing": "a listing: it leads to articles",
    "collection": "a collection of products or links",
    "product": "a product page",
    "forum": "a forum thread",
    "service": "a page about a service or an organisation",
    "documentation": "documentation",
    "home": "the home page of a site",
    "missing": "an error page: it says that there is no such page",
    "empty": "no text",
}


def judge_page(document: Document, metadata: Metadata, *, body_chars: int, has_stated_article: bool = False) -> PageType:
    """Whether a page is an article, and what it is instead.

    `body_chars` is the length of the body that was found: a page without one is no article whatever the model says.
    `has_stated_article`: the page has no text of its own, and its embedded state holds an article under the page's headline.
    """
    probabilities = probabilities_of(page_features(document, metadata))
    article = probabilities["article"]
    if body_chars == 0:
        return PageType("empty", is_article=False, probability=0.0, reason=_REASONS["empty"])
    if is_soft_404(_titles(document, metadata), body_chars=body_chars):
        return PageType("missing", is_article=False, probability=article, reason=_REASONS["missing"])
    if _is_home(document.url) and article < HOME_CERTAINTY:
        return PageType("home", is_article=False, probability=article, reason=_REASONS["home"])
    if _is_static(document.url) and "date_published" not in metadata.fields:
        return PageType("service", is_article=False, probability=article, reason=_REASONS["service"])
    if _is_section(document.url) and "date_published" not in metadata.fields and article < SECTION_CERTAINTY and not has_stated_article:
        return PageType("listing", is_article=False, probability=article, reason=_REASONS["listing"])
    if article >= _model().threshold or has_stated_article:
        return PageType("article", is_article=True, probability=article, reason=None)
    name = max((kind for kind in probabilities if kind != "article"), key=lambda kind: probabilities[kind])
    return PageType(name, is_article=False, probability=article, reason=_REASONS[name])


def _titles(document: Document, metadata: Metadata) -> list[str]:
    """What the page calls itself: the headline it shows and the title of its head."""
    shown = metadata.headline.text if metadata.headline is not None else ""
    return [title for title in (shown, document.head_title, metadata.fields.get("title")) if title]


HOME_CERTAINTY = 0.8
"""Probability from which even the page at a site's root is taken for an article: single-page publications exist."""


SECTION_CERTAINTY = 0.6
"""Probability from which a page at the address of a section (`/sport`, `/en/politics`) without a date is taken for an article.
Of the bench pages, read by models that had not seen their sites, 5 others are told rightly by it and 2 articles are lost."""

_PLAIN_SEGMENT = re.compile(r"[A-Za-z]{2,14}")


def _is_section(url: str | None) -> bool:
    """Whether an address is one or two plain words, as sections have; articles have slugs, numbers or dates in theirs."""
    parts = urlsplit(url or "")
    segments = [segment for segment in parts.path.split("/") if segment]
    return 0 < len(segments) <= 2 and not parts.query and all(_PLAIN_SEGMENT.fullmatch(segment) for segment in segments)


def _is_home(url: str | None) -> bool:
    if not url:
        return False
    parts = urlsplit(url)
    return parts.path in ("", "/", "/index.html", "/index.php") and not parts.query


def _is_static(url: str | None) -> bool:
    """Whether the address is that of a page every site has (about, contact, privacy): short prose that reads like an article.

    No article of the bench has such an address; one with a date is left to the model all the same.
    """
    return bool(url) and classify(url or "").reason == "static-page"


def probabilities_of(features: dict[str, float]) -> dict[str, float]:
    """Class -> probability."""
    model = _model()
    values = np.array([features[name] for name in model.features], np.float64)
    standard = (np.copysign(np.log1p(np.abs(values)), values) - model.mean) * model.factor
    scores = np.minimum(np.maximum(standard, -CLIP), CLIP) @ model.weights + model.intercept
    powers = np.exp(scores - scores.max())
    return dict(zip(model.classes, (powers / powers.sum()).tolist(), strict=True))
