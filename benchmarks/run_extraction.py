"""Our engine and the installed peers on the same bench pages in one run: scores and CPU ratios (`make bench`).

Peers that are not installed are left out. Options: `--peers NAMES` (comma-separated; `none` for our engine alone),
`--sample N` pages of each set for CPU times, `--cpu-only`, `--worst N`, `--json FILE`, `--predictions FILE`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import logging
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_data import SETS, BenchPage, bench_folder, bench_pages, scorer

Prediction = dict[str, Any]


def ours(html: bytes, url: str) -> Prediction:
    """Our engine, all fields and teasers included."""
    from newsarchive.extractors.api import explain

    extraction = explain(html, url)
    article = extraction.article
    return {
        "body": article.body,
        "title": article.title,
        "date_published": article.date_published,
        "authors": article.authors,
        "is_article": extraction.is_article,
        "second_opinion": "second_opinion" in extraction.flags,
        "confidence": extraction.confidence,
    }


def trafilatura_with_metadata(html: bytes, url: str) -> Prediction:
    """Its default with metadata."""
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return _from_trafilatura(found)


def trafilatura_precision(html: bytes, url: str) -> Prediction:
    """Its precision mode."""
    import trafilatura

    return _from_trafilatura(trafilatura.bare_extraction(html, url=url, with_metadata=True, favor_precision=True))


def _from_trafilatura(found: Any) -> Prediction:  # noqa: ANN401 - trafilatura has no types
    if found is None:
        return {}
    record = found.as_dict()
    authors = [name.strip() for name in (record.get("author") or "").split(";") if name.strip()]
    return {"body": record.get("text"), "title": record.get("title"), "date_published": record.get("date"), "authors": authors}


def newspaper(html: bytes, url: str) -> Prediction:
    """newspaper4k."""
    import newspaper

    article = newspaper.Article(url)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    date = article.publish_date
    return {
        "body": article.text,
        "title": article.title,
        "date_published": date.isoformat() if date else None,
        "authors": list(article.authors),
    }


def readability(html: bytes, url: str) -> Prediction:
    """readability-lxml."""
    from lxml import html as lxml_html
    from readability import Document

    document = Document(html.decode("utf-8", "replace"), url=url)
    tree = lxml_html.fromstring(document.summary())
    return {"body": "\n".join(piece.strip() for piece in tree.itertext() if piece.strip()), "title": document.title()}


ENGINES: dict[str, tuple[str, Callable[[bytes, str], Prediction]]] = {
    "newsarchive": ("newsarchive", ours),
    "trafilatura": ("trafilatura", trafilatura_with_metadata),
    "trafilatura-precision": ("trafilatura", trafilatura_precision),
    "newspaper4k": ("newspaper", newspaper),
    "readability": ("readability", readability),
}
"""Name -> module that must be installed, function."""


def predict(task: tuple[str, BenchPage]) -> tuple[str, Prediction, float]:
    """One page by one engine: its id, the prediction and the CPU seconds."""
    logging.disable(logging.CRITICAL)
    name, page = task
    html = page.html
    started = time.process_time()
    try:
        found = ENGINES[name][1](html, page.url)
    except Exception as error:  # noqa: BLE001 - a peer's failure on a page is its result on that page
        found = {"error": f"{type(error).__name__}: {error}"}
    return page.id, found, time.process_time() - started


def scores(folder: Path, predictions: dict[str, Prediction], worst: int) -> dict[str, dict[str, float]]:
    """What the bench's scorer says of one engine."""
    score = scorer(folder)
    return {name: score.score_set(name, predictions, worst) for name in SETS}


SIZES = {"below 50 KB": (0, 50_000), "50 to 200 KB": (50_000, 200_000), "over 200 KB": (200_000, 1 << 40)}
"""Classes of pages by their bytes: what a page costs beside its size shows on the small ones."""


def cpu_ratios(pages: list[BenchPage], names: list[str], sample: int) -> dict[str, dict[str, dict[str, float]]]:
    """CPU seconds against trafilatura with metadata on the same pages, one process, turn by turn: engine -> pages -> figures."""
    rng = random.Random(1)
    chosen = [page for name in SETS for page in _sampled([p for p in pages if p.id.startswith(name + "/") and p.bodies], sample, rng)]
    for name in names:
        predict((name, chosen[0]))
    times: dict[str, list[float]] = {name: [] for name in names}
    for page in chosen:
        for name in names:
            times[name].append(predict((name, page))[2])
    bytes_of = [len(page.html) for page in chosen]
    classes = {"all": range(len(chosen))} | {
        size: [at for at, count in enumerate(bytes_of) if low <= count < high] for size, (low, high) in SIZES.items()
    }
    return {
        name: {
            size: _cpu_figures([own[at] for at in places], [times["trafilatura"][at] for at in places])
            for size, places in classes.items()
            if places
        }
        for name, own in times.items()
    }


def _cpu_figures(own: list[float], base: list[float]) -> dict[str, float]:
    return {
        "median_ms": round(1000 * statistics.median(own), 2),
        "median_of_ratios": round(statistics.median(a / b for a, b in zip(own, base, strict=True)), 3),
        "ratio_of_sums": round(sum(own) / sum(base), 3),
        "pages": len(own),
    }


def _sampled(pages: list[BenchPage], count: int, rng: random.Random) -> list[BenchPage]:
    return rng.sample(pages, min(count, len(pages)))


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default="trafilatura,trafilatura-precision,newspaper4k,readability")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--cpu-only", action="store_true", help="measure CPU times and no scores")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--predictions", type=Path, default=None)
    args = parser.parse_args()
    folder = bench_folder()
    pages = list(bench_pages(folder, articles_only=False))
    names = ["newsarchive", *(name for name in args.peers.split(",") if name in ENGINES and find_spec(ENGINES[name][0]))]
    result: dict[str, Any] = {"scores": {}, "cpu": {}}
    for name in [] if args.cpu_only else names:
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            rows = list(pool.map(predict, [(name, page) for page in pages], chunksize=8))
        predictions = {key: found for key, found, _ in rows}
        result["scores"][name] = scores(folder, predictions, args.worst if name == "newsarchive" else 0)
        errors = sum("error" in found for found in predictions.values())
        for key, figures in result["scores"][name].items():
            print(f"{name:22} {key:12} " + "  ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in figures.items()))
        articles = [found for page, (_, found, _) in zip(pages, rows, strict=True) if page.bodies]
        share = sum(bool(found.get("second_opinion")) for found in articles) / len(articles)
        print(f"{name:22} {errors} errors" + (f", second opinion asked on {share:.1%} of article pages" if name == "newsarchive" else ""))
        if name == "newsarchive" and args.predictions:
            args.predictions.write_text(json.dumps(predictions, ensure_ascii=False), encoding="utf-8")
    if "trafilatura" in names and args.sample:
        result["cpu"] = cpu_ratios(pages, names, args.sample)
        for name, classes in result["cpu"].items():
            for size, figures in classes.items():
                print(f"{name:22} cpu {size:12} " + "  ".join(f"{k} {v}" for k, v in figures.items()))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
