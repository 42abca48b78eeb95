"""The stories of the demo newspaper: loaded from `content/*.toml`, and what becomes of each in an edition."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from newsarchive.demo.prose import ProseBlock, parse_prose

LAST_EDITION = 4
"""Editions after this one repeat it: the paper stops changing, so that later crawls must find nothing new."""

State = Literal["absent", "live", "gone", "missing"]
"""`absent` before its first edition, `gone` answers 410, `missing` answers 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story as an edition prints it."""

    slug: str
    template: str
    """Name of the page template, a module of `demo.templates`."""
    path: str
    """Path of its page in this edition."""
    title: str
    published: str
    """ISO 8601 with time and zone."""
    blocks: tuple[ProseBlock, ...]
    language: str = "en"
    section: str = "News"
    authors: tuple[str, ...] = ()
    modified: str | None = None
    standfirst: str | None = None
    tags: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    """Slugs promoted between the paragraphs."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What only its template understands."""
    comments: int = 0
    """Readers' comments shown by the counter; changes without any change of the text."""
    state: State = "live"
    old_paths: tuple[str, ...] = ()
    """Where earlier editions had it: these redirect now."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """What later editions do to it; each names its `edition`."""
    robots: str | None = None
    """Content of the page's robots meta tag."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra response headers of its page."""

    def at(self, edition: int) -> Story:
        """The story as `edition` prints it."""
        story = self
        for change in self.changes:
            if change["edition"] <= edition:
                story = _changed(story, change)
        return story


def _changed(story: Story, change: Mapping[str, Any]) -> Story:
    """Apply one change: any of `state`, `path`, `title`, `comments`, `modified`, `replace` (block number -> text), `append`."""
    blocks = list(story.blocks)
    for number, text in change.get("replace", {}).items():
        blocks[int(number)] = replace(blocks[int(number)], source=text)
    if "append" in change:
        blocks.extend(parse_prose(change["append"]))
    path = change.get("path", story.path)
    return replace(
        story,
        blocks=tuple(blocks),
        path=path,
        old_paths=story.old_paths if path == story.path else (*story.old_paths, story.path),
        title=change.get("title", story.title),
        comments=change.get("comments", story.comments),
        modified=change.get("modified", story.modified),
        state=change.get("state", story.state),
    )


def _story(record: Mapping[str, Any]) -> Story:
    values = dict(record)
    values["blocks"] = parse_prose(values.pop("text"))
    for name in ("authors", "tags", "inline", "changes"):
        values[name] = tuple(values.get(name, ()))
    if values.pop("since", 1) > 1:
        first = {"edition": record["since"], "state": "live"}
        values["changes"] = (first, *values["changes"])
        values["state"] = "absent"
    return Story(**values)


@lru_cache(maxsize=1)
def all_stories() -> tuple[Story, ...]:
    """Every story of every edition, newest first as first printed. Raises TypeError for an unknown key in a content file."""
    folder = files("newsarchive.demo").joinpath("content")
    stories: list[Story] = []
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(".toml"):
            stories.extend(_story(record) for record in tomllib.loads(item.read_text(encoding="utf-8"))["story"])
    return tuple(sorted(stories, key=lambda story: (story.published, story.slug), reverse=True))


def stories_of(edition: int) -> tuple[Story, ...]:
    """All stories as `edition` (from 1) prints them, whatever their state, newest first."""
    return tuple(story.at(min(edition, LAST_EDITION)) for story in all_stories())
