"""A small archive with what makes exports difficult: formulas, quotation marks, foreign scripts, edits, teasers of listings."""

from __future__ import annotations

from archive_samples import PLAN, SITE, Clock, answer, article, next_run, teaser

from newsarchive.archive.store import Store
from newsarchive.model.outcome import Outcome

TITLES = {
    "/plain": "The ferry is late",
    "/formula": '=HYPERLINK("http://bad.example","ferry")',
    "/apostrophe": "'=1+1 is what the ferry's till says",
    "/braces": r"Ferry } costs 100% more \ & less_ {$5} #now ~ ^",
    "/yaml": '---\n- "ferry": *x\u2028\u0085 <b>|',
    "/tokyo": "東京の ferry の朝",
    "/path": "../../etc/ferry: CON? <>|*",
    "/other": "Noon bells",
}
"""Path -> title; the word ferry stands in all but the last."""


def make_archive(path):
    """The archive of the export tests, at `path`."""
    clock = Clock()
    with Store(path, clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        for number, (place, title) in enumerate(TITLES.items(), start=1):
            store.save([_article(place, title, number, clock)], run)
        front = answer("/", Outcome.SOURCE, at=clock.now)
        store.save([front], run)
        clock.move(days=1)
        run = next_run(store, run)
        store.save([_article("/plain", "The ferry is very late", 1, clock)], run)
        store.save([answer("/other", Outcome.GONE, status=410, at=clock.now), answer("/refused", Outcome.OPTED_OUT, at=clock.now)], run)
        store.finish_run(run, "finished", "finished")
    return path


def _article(place, title, number, clock):
    more = {"authors": ["Ivo Penhale", "Calder, Ruth; Smith"], "tags": ["boats", "+tides"], "section": "Town"} if number < 4 else {}
    shown = [teaser("Boats", 0, excerpt="@all aboard"), teaser(f"Story {number}", 1)]
    return article(
        place, title, ["The water came at noon.", f"Nobody minded on day {number}."], at=clock.now, teasers=shown,
        date_published=f"2026-05-{number:02d}T08:00:00+02:00", language="ja" if place == "/tokyo" else "en-GB", **more,
    )  # fmt: skip
