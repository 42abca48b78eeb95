"""Score the teaser finder on the bench pages beside the naive baseline: NEWSARCHIVE_BENCH=... python benchmarks/run_teasers.py

The scorer is the bench's own `teasers/score.py`, loaded from the data's folder. Options: `--worst N` prints the N pages
with the most errors, `--pages FILE` restricts to the page keys listed in a JSON file, `--gold FILE` scores another
annotation of bench pages, `--json FILE` writes the figures.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from newsarchive.extractors.api import read
from newsarchive.pages.document import Document
from newsarchive.pages.read import read_page

Prediction = dict[str, Any]


def load_scorer(folder: Path) -> ModuleType:
    """The bench's scorer as a module."""
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("bench_teaser_score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder / 'score.py'} cannot be loaded; set NEWSARCHIVE_BENCH to the bench data")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_bytes(bench: Path, key: str) -> bytes:
    """The page of a key of an annotation: `country/Paper_day` of fundus, `wcxb:NUMBER`, or a hash of scrapinghub."""
    folder, _, name = key.rpartition(":") if ":" in key else ("fundus" if "/" in key else "scrapinghub", "", key)
    return gzip.decompress((bench / folder / "html" / f"{name}.html.gz").read_bytes())


def naive(document: Document) -> list[Prediction]:
    """The baseline of the bench's README: links outside nav, header, footer and running text with four words or round a heading."""
    found = []
    long_text = {
        link.element.index
        for block in document.blocks
        if block.link_chars < 0.5 * len(block.text) and len(block.text) > 80
        for link in block.links
    }
    for element in document.tree.by_tag("a"):
        url = document.resolve(element.attrs.get("href", ""))
        if url is None or element.index in long_text or element.within("nav", "header", "footer"):
            continue
        heading = any(child.tag in ("h1", "h2", "h3", "h4", "h5", "h6") for child in document.tree.elements[element.index : element.end])
        if len(element.text.split()) >= 4 or heading:
            images = document.tree.below(element, "img")
            found.append({"url": url, "title": element.text, "image": document.resolve(images[0].attrs.get("src", "")) if images else None})
    return found


def ours(document: Document, fetched_at: datetime | None = None) -> list[Prediction]:
    """Our teasers as the scorer reads them, by the whole engine: the block model's labels tell the article's text."""
    return [
        {
            "url": t.url,
            "title": t.title,
            "kind": t.kind,
            "published": t.date_published,
            "category": t.category,
            "excerpt": t.excerpt,
            "credit": t.credit,
            "image": t.image_url,
        }
        for t in read(document, fetched_at=fetched_at).article.teasers
    ]


def fetch_time(page: dict[str, Any]) -> datetime | None:
    """The end of the day on which the page was fetched, where the data say so."""
    day = str(page.get("crawl_date") or "")[:10]
    return datetime.fromisoformat(f"{day}T23:59:59+00:00") if day else None


def table(scorer: ModuleType, gold: dict[str, Any], predictions: dict[str, list[Prediction]]) -> dict[str, Any]:
    """The figures of the targets."""
    result = scorer.score(gold, predictions)
    row: dict[str, Any] = {}
    for name, label in (("all", "all kinds F1"), ("core", "related+inline F1")):
        counts = result[name]
        row[label] = round(scorer.prf(counts["tp"], counts["fp"], counts["fn"])[2], 3)
    for name in ("kind core/list", "kind", "title exact", "published", "category", "excerpt", "credit", "image"):
        counts = result["field"][name]
        row[name] = f"{counts['ok'] / counts['n']:.3f} ({counts['ok']}/{counts['n']})" if counts["n"] else "-"
    empty = [key for key, page in gold.items() if not page["teasers"]]
    row["ads taken"] = result["trap"]["ads"]
    row["self, nav, other taken"] = (result["trap"]["self link"], result["trap"]["nav menu"], result["trap"]["other"])
    row["empty pages left empty"] = f"{sum(not result['pages'][key]['fp'] for key in empty)}/{len(empty)}"
    return row


def main() -> None:
    """Run both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if not os.environ.get("NEWSARCHIVE_BENCH"):
        sys.exit("NEWSARCHIVE_BENCH is not set: let it name the folder of the bench data")
    bench = Path(os.environ["NEWSARCHIVE_BENCH"])
    scorer = load_scorer(bench / "teasers")
    gold = json.loads((arguments.gold or bench / "teasers" / "gold.json").read_text(encoding="utf-8"))
    if arguments.pages:
        keys = set(json.loads(arguments.pages.read_text(encoding="utf-8")))
        gold = {key: page for key, page in gold.items() if key in keys}
    predictions: dict[str, list[Prediction]] = {}
    baseline: dict[str, list[Prediction]] = {}
    seconds = 0.0
    for key, page in gold.items():
        document = read_page(page_bytes(bench, key), page["url"])
        _ = document.blocks
        start = time.perf_counter()
        predictions[key] = ours(document, fetch_time(page))
        seconds += time.perf_counter() - start
        baseline[key] = naive(document)
    mine, theirs = table(scorer, gold, predictions), table(scorer, gold, baseline)
    for name in mine:
        print(f"{name:26} {mine[name]!s:22} naive {theirs[name]!s}")
    print(f"{1000 * seconds / len(gold):.1f} ms a page on {len(gold)} pages, all fields of the record, parsing not counted")
    if arguments.worst:
        print_worst(scorer.score(gold, predictions), arguments.worst)
    if arguments.json:
        arguments.json.write_text(json.dumps({"newsarchive": mine, "naive": theirs}, indent=1) + "\n", encoding="utf-8")


def print_worst(result: dict[str, Any], count: int) -> None:
    """The pages with the most errors, and their errors."""
    worst = sorted(result["pages"], key=lambda key: -(result["pages"][key]["fp"] + result["pages"][key]["fn"]))[:count]
    for key in worst:
        counts = result["pages"][key]
        print(f"== {key[:40]} tp {counts['tp']} fp {counts['fp']} fn {counts['fn']}")
        for page, *error in result["errors"]:
            if page == key:
                print("    ", *error)


if __name__ == "__main__":
    main()
