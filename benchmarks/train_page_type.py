"""Train the model that tells articles from other pages, and print its score on pages of sites it has not seen.

    python benchmarks/train_page_type.py

Reads the WCXB pages (Murrough Foley, CC-BY-4.0), the pages of fundus and of the article-extraction-benchmark (MIT) under
the folder that NEWSARCHIVE_BENCH names, and writes newsarchive/extractors/weights/page_type.json. Twice the same data
gives twice the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
from pathlib import Path

import numpy as np

from newsarchive.extractors.metadata import read_metadata
from newsarchive.extractors.page_features import page_features
from newsarchive.pages.read import read_page
from newsarchive.urls import registrable_domain

WEIGHTS = Path(__file__).resolve().parent.parent / "newsarchive" / "extractors" / "weights" / "page_type.json"
CLASSES = ("article", "service", "forum", "product", "listing", "collection", "documentation")
FOLDS = 8
STEPS = 500
LEARNING_RATE = 0.5
PENALTY = 0.01
"""L2, on standardised features; 0.003 and 0.03 score the same within 0.01."""
RECALL = 0.975
"""Share of the articles of unseen sites that must be kept: an article lost is worse than a page too many."""


def load(root: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(feature names, features, class numbers, fold numbers, whether the page is of WCXB)."""
    rows, labels, folds, wcxb = [], [], [], []
    for name in ("wcxb", "fundus", "scrapinghub"):
        truth = json.loads((root / name / "ground-truth.json").read_text(encoding="utf-8"))
        for key in sorted(truth):
            page = gzip.decompress((root / name / "html" / f"{key}.html.gz").read_bytes())
            url = truth[key].get("url")
            document = read_page(page, url)
            features = page_features(document, read_metadata(document))
            rows.append(list(features.values()))
            labels.append(CLASSES.index(truth[key].get("page_type", "article")))
            site = registrable_domain(url) if url else key
            folds.append(hashlib.sha256(site.encode()).digest()[0] % FOLDS)
            wcxb.append(name == "wcxb")
    raw = np.array(rows, dtype=np.float64)
    return list(features), np.sign(raw) * np.log1p(np.abs(raw)), np.array(labels), np.array(folds), np.array(wcxb)


def fit(features: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(means, scales, weights with the intercept in the last row) of a multinomial logistic regression, by gradient descent."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    data = standardised(features, mean, scale)
    target = np.eye(len(CLASSES))[labels]
    weights = np.zeros((data.shape[1], len(CLASSES)))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        gradient = data.T @ (softmax(data @ weights) - target) / len(data) + PENALTY * np.vstack(
            [weights[:-1], np.zeros_like(weights[-1:])]
        )
        speed = 0.9 * speed - LEARNING_RATE * 0.1 * gradient
        weights += speed
    return mean, scale, weights


def standardised(features: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The features in standard deviations, clipped, with a column of ones."""
    return np.hstack([np.clip((features - mean) / scale, -4, 4), np.ones((len(features), 1))])


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities by row."""
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def threshold_for(probabilities: np.ndarray, is_article: np.ndarray, recall: float) -> float:
    """The probability that this share of the articles reaches."""
    return float(np.sort(probabilities[is_article])[int((1 - recall) * is_article.sum())])


def report(probabilities: np.ndarray, labels: np.ndarray, wcxb: np.ndarray) -> float:
    """Print precision and recall on unseen sites; the threshold for the recall asked for."""
    is_article = labels == 0
    scores = probabilities[:, 0]
    for recall in (0.95, 0.96, 0.97, RECALL, 0.98, 0.99):
        threshold = threshold_for(scores[wcxb], is_article[wcxb], recall)
        said = scores[wcxb] >= threshold
        precision = (said & is_article[wcxb]).sum() / said.sum()
        print(
            f"recall {recall:.3f}: precision {precision:.3f} at {threshold:.3f}; news pages kept {(scores[~wcxb] >= threshold).mean():.3f}"
        )
    named = probabilities[wcxb & ~is_article][:, 1:].argmax(axis=1) + 1
    print(f"kind of the others named rightly: {(named == labels[wcxb & ~is_article]).mean():.3f}")
    return threshold_for(scores[wcxb], is_article[wcxb], RECALL)


def main() -> None:
    """Cross-validate by site, then fit on everything and write the weights."""
    root = os.environ.get("NEWSARCHIVE_BENCH")
    if not root:
        sys.exit("NEWSARCHIVE_BENCH does not name the folder of the benchmark data; set it, see docs/reference/benchmarks.md")
    names, features, labels, folds, wcxb = load(Path(root))
    probabilities = np.zeros((len(labels), len(CLASSES)))
    for fold in range(FOLDS):
        mean, scale, weights = fit(features[folds != fold], labels[folds != fold])
        probabilities[folds == fold] = softmax(standardised(features[folds == fold], mean, scale) @ weights)
    threshold = report(probabilities, labels, wcxb)
    mean, scale, weights = fit(features, labels)
    record = {
        "made_by": "benchmarks/train_page_type.py",
        "data": "WCXB development set (CC-BY-4.0), fundus and article-extraction-benchmark pages (MIT)",
        "pages": len(labels),
        "classes": list(CLASSES),
        "threshold": round(threshold, 3),
        "features": names,
        "mean": [round(float(value), 4) for value in mean],
        "scale": [round(float(value), 4) for value in scale],
        "weights": [[round(float(value), 3) for value in row] for row in weights],
    }
    WEIGHTS.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS.name}: {len(names)} features, {len(labels)} pages")


if __name__ == "__main__":
    main()
