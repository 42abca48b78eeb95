import re
from pathlib import Path

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.judge import expected_summary
from newsarchive.demo.manifest import manifest
from newsarchive.demo.press import TEMPLATES
from newsarchive.demo.stories import LAST_EDITION
from newsarchive.model.outcome import Outcome

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guide" / "demo-newspaper.md").read_text(encoding="utf-8")
COLUMNS = (Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.GONE, Outcome.MISSING)


def test_the_table_of_editions_is_true():
    rows = []
    for edition in range(1, LAST_EDITION + 2):
        summary = expected_summary(edition, edition - 1 or None)
        rows.append("| " + " | ".join(map(str, (edition, *(summary.get(outcome, 0) for outcome in COLUMNS)))) + " |")
    table = "\n".join(rows)
    assert table in GUIDE, f"docs/guide/demo-newspaper.md: the rows should read\n{table}"


def test_the_guide_counts_right_and_names_addresses_that_exist():
    stories = [item for item in manifest(1).expectations.values() if item.article is not None]
    assert len(stories) > 70
    assert len({item.article.language for item in stories}) == 9
    assert len({item.template for item in stories}) == len(TEMPLATES) == 18
    named = re.findall(r"`(/[^`]*)`", GUIDE)
    assert len(named) > 10
    assert not [path for path in named if "..." not in path and manifest(1).expectation(ORIGIN + path) is None]
