"""Captures for the archive's tests, in our own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.teaser import Teaser

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SITE = "https://paper.example"
PLAN = {"revisit": "due"}


class Clock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def teaser(title: str, position: int = 0, **more: Any) -> Teaser:
    values: dict[str, Any] = {"url": f"{SITE}/{title.lower().replace(' ', '-')}", "kind": "related", "module": "Read next"}
    return Teaser(title=title, position=position, **(values | more))


def extraction(url: str, title: str = "The ferry is late", body: Sequence[str] = ("It came at noon.",), **fields: Any) -> Extraction:
    article = Article(url=url, title=title, body_blocks=[BodyBlock("paragraph", text) for text in body], **fields)
    return Extraction(article=article, rules={"title": "og-title"}, confidence=0.9)


def page(url: str, text: str, *, at: datetime = NOON, status: int = 200, final_url: str | None = None, **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url=url, final_url=final_url, body=text.encode(), status=status, headers=named, fetched_at=at)


def article(path: str, title: str = "The ferry is late", body: Sequence[str] = ("It came at noon.",), **more: Any) -> Capture:
    """A capture of an article at SITE + path. `at`, `final_path`, `candidates`, `keep_raw`; other words are fields of the article."""
    url = path if "://" in path else SITE + path
    at = more.pop("at", NOON)
    final = SITE + more.pop("final_path") if "final_path" in more else None
    rest = {name: more.pop(name) for name in ("candidates", "keep_raw", "opt_outs") if name in more}
    read = extraction(final or url, title, body, **more)
    html = f"<h1>{title}</h1>" + "".join(f"<p>{text}</p>" for text in body)
    return Capture(
        url=url, outcome=Outcome.STORED, page=page(url, html, at=at, final_url=final), extraction=read, **({"keep_raw": True} | rest)
    )


def answer(path: str, outcome: Outcome, *, status: int = 200, at: datetime = NOON, **more: Any) -> Capture:
    """A capture that is no article."""
    url = path if "://" in path else SITE + path
    return Capture(url=url, outcome=outcome, page=page(url, "<p>nothing</p>", at=at, status=status), **more)


def link(path: str, **more: Any) -> Candidate:
    return Candidate(url=path if "://" in path else SITE + path, **more)


def next_run(store, run):
    store.finish_run(run, "finished", "finished")
    return store.begin_run(PLAN, [SITE]).id


def rows(store, query, *values):
    return [tuple(row) for row in store._connection.execute(query, values)]
