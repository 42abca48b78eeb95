"""The commands to type after a crawl, ready to be copied."""

from __future__ import annotations

import re

from newsarchive.cli.terminal import typed_command
from newsarchive.locations import default_archive
from newsarchive.model.outcome import LOST
from newsarchive.model.run import CrawlReport

MIN_WORD_CHARS = 5
"""Characters. Shorter words of a headline are mostly articles and prepositions, which find everything."""


def next_steps(report: CrawlReport) -> list[str]:
    """`Next:` and the commands; nothing while the archive holds no article."""
    from newsarchive.archive.reader import open_archive

    if not report.articles_in_archive:
        return []
    with open_archive(report.archive) as opened:
        newest = opened.newest(1)
    if not newest:
        return []
    has_changes = bool(report.new_revisions or any(report.outcomes.get(outcome) for outcome in LOST))
    where = [] if report.archive == default_archive() else ["--archive", str(report.archive)]
    commands = [
        typed_command("search", *where, search_word(newest[0].article.title or newest[0].article.body)),
        typed_command("show", *where, newest[0].article_id),
        typed_command("changes" if has_changes else "stats", *where),
    ]
    return ["Next:", *(f"  {command}" for command in commands)]


def search_word(text: str) -> str:
    """A word worth searching for: the longest plain word of the headline, or its beginning where words are not spaced."""
    words = [word for word in re.findall(r"\w+", text) if len(word) >= MIN_WORD_CHARS and word.isalpha()]
    return max(words, key=len).lower() if words else text[:4].strip() or "news"
