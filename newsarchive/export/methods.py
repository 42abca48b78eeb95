"""The methods text of a data set: what was asked, how the articles were collected, and what is not among them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from newsarchive.archive.filters import Filters
from newsarchive.archive.snapshot import Question
from newsarchive.archive.study import Study, Tally
from newsarchive.export.codebook import chosen
from newsarchive.model.outcome import ARTICLES, FAILED, LISTS, LOST, REJECTED
from newsarchive.text import amount
from newsarchive.version import __version__

_FAMILIES = (
    ("articles", ARTICLES),
    ("archived articles that were removed", LOST),
    ("decided against", REJECTED),
    ("could not be had or read", FAILED),
    ("lists and redirects that led on", LISTS),
)
SHOWN = 40
"""Names shown of each tally; the data hold them all."""

_NOT_COLLECTED = """\
- Pages that robots.txt or an opt-out of the publisher (TDM reservation, noai) kept the crawls from: `robots` and `opted_out` above.
- Pages that the sites' feeds, sitemaps and sections did not lead to, or that were out of the crawls' dates and limits.
- What stands behind a paywall or a login: the text is what the page showed.
- Comments, pictures, video and sound; of pictures the address is recorded.
- Edits between two visits: a text that came and went in between was not seen.
- Articles whose deletion was requested and carried out."""


def methods(question: Question, study: Study, data_digest: str) -> str:
    """The text, as Markdown. `data_digest`: SHA-256 of the records, which names the data set."""
    return "\n\n".join(_parts(question, study, data_digest)) + "\n"


def _parts(question: Question, study: Study, data_digest: str) -> Iterator[str]:
    yield "# Methods"
    yield _citation(study, data_digest)
    yield "## What was asked"
    yield "Chosen: " + "; ".join(chosen(question)) + ". Every word has to be there; accents and capitals make no difference."
    yield "The same archive gives the same files, byte for byte, for:"
    yield f"```sh\n{_command(question)}\n```"
    yield "## What it is"
    yield _lines(_contents(study))
    yield from _tally("Articles by site", study.by_site)
    yield from _tally("Articles by language", study.by_language)
    yield from _tally("Known faults of texts (`flags`)", study.flags)
    yield "## How it was collected"
    yield _lines(_collection(study))
    yield from _coverage(question.filters, study)
    yield "### Every address the crawls came upon, by its last verdict"
    yield _outcomes(study)
    yield from _tally("Opt-out signals on the pages of these articles, recorded with them (`opt_outs`)", study.opt_outs)
    yield "## What was not collected"
    yield _NOT_COLLECTED


def _citation(study: Study, data_digest: str) -> str:
    sites = ", ".join(name for name, _ in study.by_site[:3]) + (
        f" and {len(study.by_site) - 3} more sites" if len(study.by_site) > 3 else ""
    )
    span = f"published {_day(study.first_published)} to {_day(study.last_published)}, " if study.first_published else ""
    collected = f"collected {_day(study.first_fetch)} to {_day(study.last_fetch)}" if study.first_fetch else "collected elsewhere"
    what = amount(study.articles, "article")
    return (
        f"Cite as: newsarchive data set {data_digest[:16]}: {what} of {sites or 'no site'}, {span}{collected}. "
        f"Read with newsarchive {__version__}.\n\nThe name of the data set is the beginning of the SHA-256 of `articles.jsonl`; "
        "`SHA256SUMS` holds those of all files (`sha256sum -c SHA256SUMS` checks them), `codebook.md` explains every column, "
        "and single articles are cited by their `article_id`."
    )


def _contents(study: Study) -> Iterator[str]:
    yield f"{amount(study.articles, 'article')}, each in its newest text"
    yield f"{study.without_date} without a date of publication"
    yield f"{study.changed} whose text the publisher changed after it was first seen; the older texts are in the archive"
    yield f"{study.gone} that their publisher removed since"
    yield f"{study.paywalled} whose page says that its text costs money"
    yield f"{study.without_body} without a text"


def _collection(study: Study) -> Iterator[str]:
    first, last = study.first_fetch or "none", study.last_fetch or "none"
    yield f"{amount(study.requests, 'request')}, {amount(study.runs, 'crawl')}, {first} to {last} (UTC)"
    yield "read by " + (", ".join(f"{name} ({amount(number, 'article')})" for name, number in study.extractors) or "nobody")
    if study.archive_made:
        yield f"the archive was begun {study.archive_made}"


def _coverage(filters: Filters, study: Study) -> Iterator[str]:
    days = [day for day in study.days if day.key is not None]
    if not days:
        return
    looked = sum(day.days_collected or 0 for day in days)
    yield (
        f"From the first to the last article there are {len(days)} days ({filters.time_zone}). On {looked} of them somebody looked: "
        "a request was sent to the sites on that day or the day after. A day on which nobody looked can still have articles, found later; "
        "that it has none means nothing. `days.csv` holds every day."
    )
    gaps = [first if first == last else f"{first} to {last}" for first, last in study.gaps]
    more = f" and {len(gaps) - SHOWN} more spans" if len(gaps) > SHOWN else ""
    yield "Nobody looked: " + (", ".join(gaps[:SHOWN]) + more if gaps else "on no day of the span") + "."


def _outcomes(study: Study) -> str:
    counts = dict(study.outcomes)
    lines = ["| what became of it | addresses | verdicts |", "| --- | --- | --- |"]
    for name, family in _FAMILIES:
        members = [(outcome, number) for outcome, number in counts.items() if outcome in family]
        lines.append(f"| {name} | {sum(number for _, number in members)} | {', '.join(f'`{item}` {number}' for item, number in members)} |")
    return "\n".join(lines)


def _tally(title: str, tally: Tally) -> Iterator[str]:
    if tally:
        more = f", and {len(tally) - SHOWN} more" if len(tally) > SHOWN else ""
        yield f"{title}: " + ", ".join(f"{name} {number}" for name, number in tally[:SHOWN]) + more + "."


def _lines(items: Iterator[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _day(moment: str | None) -> str:
    return (moment or "")[:10]


def _command(question: Question) -> str:
    """The command that makes the data set again."""
    chosen_by = question.filters
    words = ["newsarchive", "dataset", "OUT"]
    for option, values in (
        ("--site", chosen_by.sites),
        ("--language", chosen_by.languages),
        ("--section", chosen_by.sections),
        ("--author", chosen_by.authors),
        ("--since", [chosen_by.since] if chosen_by.since else []),
        ("--until", [chosen_by.until] if chosen_by.until else []),
    ):
        for value in values:
            words += [option, value]
    words += [option for option, is_set in (("--changed", chosen_by.changed), ("--gone", chosen_by.gone)) if is_set]
    words += ["--time-zone", chosen_by.time_zone] if chosen_by.time_zone != "UTC" else []
    if question.words.strip():
        words += ["--", question.words] if question.words.startswith("-") else [question.words]
    return " ".join(shlex.quote(word) for word in words)
