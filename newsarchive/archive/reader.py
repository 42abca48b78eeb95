"""Reading an archive, for the command line, notebooks and other programs. Never blocks the crawl, never writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Unpack

from newsarchive import urls
from newsarchive.archive import counting, promotion, stored_pages
from newsarchive.archive import search as full_text
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.counting import Count, CountBy
from newsarchive.archive.filters import FilterWords, filters_of
from newsarchive.archive.frames import RowList, Rows
from newsarchive.archive.migrations import check_version
from newsarchive.archive.promotion import Promotion
from newsarchive.archive.raw import load_raw
from newsarchive.archive.reading import article_of
from newsarchive.archive.records import ArchivedArticle, ArchiveStats, RevisionText, RunRecord
from newsarchive.archive.runs import MAX_REDIRECTS
from newsarchive.archive.search import SEARCH_SECONDS, Hit, Sort
from newsarchive.archive.stored_pages import StoredCapture
from newsarchive.archive.teasers import teasers_of
from newsarchive.errors import InvalidUrl, NotInArchive
from newsarchive.model.teaser import Teaser

if TYPE_CHECKING:
    from newsarchive.archive.revisions import Change, TextDiff
    from newsarchive.archive.syndication import Story


class Archive:
    """An archive open for reading; a context manager. `open_archive` makes one.

    >>> len(archive)
    8
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.connection = connect_reader(self.path)
        """Read-only, for SQL of one's own: its rows have names."""
        try:
            with clear_errors(self.path):
                check_version(self.connection, self.path)
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        with clear_errors(self.path):
            return int(self.connection.execute("SELECT count(*) FROM article").fetchone()[0])

    def __iter__(self) -> Iterator[ArchivedArticle]:
        """All articles, in the order they were found."""
        return iter(self.articles())

    def newest(self, limit: int = 1) -> list[ArchivedArticle]:
        """The articles that were found last, the newest first."""
        with clear_errors(self.path):
            rows = self.connection.execute(
                "SELECT a.*, f.raw_sha256 FROM article a LEFT JOIN fetch f ON f.id=a.fetch_id ORDER BY a.id DESC LIMIT ?", (limit,)
            ).fetchall()
            return [self._archived(row) for row in rows]

    def article(self, url_or_id: str) -> ArchivedArticle:
        """The article with this id (or the first characters of it), or under this address in any spelling.

        Addresses that redirected to it or named it as canonical find it too. Raises NotInArchive.
        """
        with clear_errors(self.path):
            row = self._by_id(url_or_id) or self._by_address(url_or_id)
            if row is None:
                raise NotInArchive(f"{self.path} holds no article under {url_or_id!r}; look for words of it with: newsarchive search WORDS")
            return self._archived(row)

    def _row(self, condition: str, value: str | int) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.connection.execute(
            f"SELECT a.*, f.raw_sha256 FROM article a LEFT JOIN fetch f ON f.id=a.fetch_id WHERE {condition} ORDER BY a.id LIMIT 1",
            (value,),
        ).fetchone()
        return found

    def _by_id(self, text: str) -> sqlite3.Row | None:
        name = text.strip().lower()
        if not 4 <= len(name) <= 16 or any(character not in "0123456789abcdef" for character in name):
            return None
        rows = self.connection.execute("SELECT article_id FROM article WHERE article_id>=? AND article_id<? LIMIT 2", (name, name + "g"))
        found = [row[0] for row in rows]
        if len(found) > 1:
            raise NotInArchive(f"{self.path} holds several articles whose id begins with {name!r}; give more of it.")
        return self._row("a.article_id=?", found[0]) if found else None

    def _by_address(self, text: str) -> sqlite3.Row | None:
        address = text.strip()
        if "://" not in address and "." in address.partition("/")[0]:
            address = "https://" + address
        try:
            identity, name = urls.identity(address), urls.article_id(address)
        except InvalidUrl:
            return None
        for _ in range(MAX_REDIRECTS):
            found = self._row("a.article_id=?", name) or self._row("a.id=(SELECT article_id FROM url_alias WHERE url=?)", identity)
            if found is not None:
                return found
            step = self.connection.execute("SELECT target FROM redirect WHERE url=?", (identity,)).fetchone()
            if step is None:
                return None
            identity, name = step[0], urls.article_id(step[0])
        return None

    def _archived(self, row: sqlite3.Row) -> ArchivedArticle:
        return ArchivedArticle(
            article=replace(article_of(row), teasers=teasers_of(self.connection, row["id"])),
            article_id=row["article_id"],
            site=row["site"],
            host=row["host"],
            source_url=row["source_url"],
            published_utc=row["published_utc"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            missing_since=row["missing_since"],
            gone_at=row["gone_at"],
            moved_to=self._moved_to(row),
            revisions=row["revisions"],
            word_count=row["word_count"],
            extractor=row["extractor"],
            extractor_version=row["extractor_version"],
            extracted_at=row["extracted_at"],
            confidence=row["confidence"],
            rules=json.loads(row["rules"]),
            flags=json.loads(row["flags"]),
            opt_outs=json.loads(row["opt_outs"]),
            raw_sha256=row["raw_sha256"],
        )

    def _moved_to(self, row: sqlite3.Row) -> str | None:
        found = self.connection.execute(
            "SELECT t.article_id FROM redirect r JOIN article t ON t.identity=r.target WHERE r.url=? AND t.id<>?",
            (row["identity"], row["id"]),
        ).fetchone()
        return None if found is None else str(found[0])

    def search(
        self, words: str, limit: int = 10, *, sort: Sort = "relevance", seconds: float = SEARCH_SECONDS, **filters: Unpack[FilterWords]
    ) -> RowList[Hit]:
        """The best articles for what was typed (with `sort` "date" the newest); never a syntax error.

        Words are joined by AND; `"a phrase"`, `OR`, `-word`, `begin*`, `title:word` and `author:name` work. The filters are
        those of `articles`. Raises SearchTooSlow after `seconds`.

        >>> for hit in archive.search("title:late OR bells", sort="date"):
        ...     print(hit.published_utc, hit.title, hit.authors)
        2026-05-08T06:00:00Z Noon bells []
        2026-05-01T06:00:00Z The ferry is very late ['Ivo Penhale', 'Calder, Ruth; Smith']
        >>> archive.search("bells").to_pandas()["title"].tolist()
        ['Noon bells']
        """
        with self._limited(seconds):
            return RowList(full_text.search(self.connection, words, limit, filters_of(**filters), sort=sort))

    def count_hits(self, words: str = "", *, seconds: float = SEARCH_SECONDS, **filters: Unpack[FilterWords]) -> int:
        """How many articles there are for what was typed and the filters (see `articles`). Raises SearchTooSlow.

        >>> archive.count_hits("ferry", section="town")
        3
        """
        with self._limited(seconds):
            return full_text.count_hits(self.connection, words, filters_of(**filters))

    def counts(self, by: CountBy = "month", words: str = "", **filters: Unpack[FilterWords]) -> RowList[Count]:
        """Articles by `day`, `month`, `year`, `site`, `section`, `author` or `language`, those for some words or all.

        Days and months without articles are rows too; `days_collected` tells those on which nobody looked from those on
        which nothing was published. Filters as in `articles`; days are those of its `time_zone`.

        >>> archive.counts("month")
        [Count(key='2026-05', articles=8, days=31, days_collected=2)]
        >>> archive.counts("section", "ferry").to_polars()["articles"].to_list()
        [4, 3]
        """
        with clear_errors(self.path):
            return RowList(counting.counts(self.connection, by, words, filters_of(**filters)))

    def facets(
        self, words: str = "", by: Sequence[CountBy] = ("site", "month", "section"), **filters: Unpack[FilterWords]
    ) -> dict[str, list[Count]]:
        """How the articles for some words (or all) spread: for each of `by` the counts, the most frequent first.

        >>> [(count.key, count.articles) for count in archive.facets("ferry")["section"]]
        [(None, 4), ('Town', 3)]
        """
        with clear_errors(self.path):
            return counting.facets(self.connection, by, words, filters_of(**filters))

    def articles(
        self, words: str = "", *, sort: Literal["found", "date"] = "found", **filters: Unpack[FilterWords]
    ) -> Rows[ArchivedArticle]:
        """Every article for which the filters hold, one at a time: for loops and, with pandas and the like, for frames.

        `site`, `language`, `section` and `author` take one value or several; `since` and `until` ISO dates (a plain day,
        month or year is included whole, in `time_zone`); `changed=True` those whose publisher changed the text,
        `gone=True` those that were removed. `words` as in `search`. Sorted as they were found, or by date.

        >>> [article.article.title for article in archive.articles(changed=True)]
        ['The ferry is very late']
        >>> archive.articles("ferry", language="en").to_arrow().num_rows
        6
        """
        with clear_errors(self.path):
            condition, values = full_text.matching(words, filters_of(**filters))
        order = "a.published_utc, a.id" if sort == "date" else "a.id"

        def rows() -> Iterator[ArchivedArticle]:
            with clear_errors(self.path):
                numbers = [
                    row[0] for row in self.connection.execute(f"SELECT a.id FROM article a WHERE {condition} ORDER BY {order}", values)
                ]
            for number in numbers:
                with clear_errors(self.path):
                    row = self._row("a.id=?", number)
                if row is not None:
                    yield self._archived(row)

        return Rows(rows)

    @contextmanager
    def _limited(self, seconds: float) -> Iterator[None]:
        with clear_errors(self.path), full_text.time_limit(self.connection, seconds):
            yield

    def teasers(self, url_or_id: str) -> RowList[Teaser]:
        """The teasers on an article's page as last captured.

        >>> archive.teasers("https://paper.example/plain").to_pandas()["title"].tolist()
        ['Boats', 'Story 1']
        """
        return RowList(self.article(url_or_id).article.teasers)

    def shown_on(self, url_or_id: str) -> list[Promotion]:
        """What the page of an article promoted, over all its captures. Raises NotInArchive."""
        name = self.article(url_or_id).article_id
        with clear_errors(self.path):
            row = self.connection.execute("SELECT id FROM article WHERE article_id=?", (name,)).fetchone()
            return promotion.shown_on(self.connection, row[0])

    def promoted(self, url_or_id: str) -> list[Promotion]:
        """Where an article, or an address that is not (yet) archived, was promoted. Raises NotInArchive where nothing ever showed it."""
        with clear_errors(self.path):
            row = self._by_id(url_or_id) or self._by_address(url_or_id)
            if row is None:
                identities = [urls.identity(url_or_id)] if "://" in url_or_id else []
            else:
                aliases = self.connection.execute("SELECT url FROM url_alias WHERE article_id=?", (row["id"],)).fetchall()
                identities = [row["identity"], *(alias[0] for alias in aliases)]
            found = promotion.promoted(self.connection, identities) if identities else []
            if row is None and not found:
                raise NotInArchive(f"{self.path} knows nothing of {url_or_id!r}: it is not archived, and no archived page promotes it.")
            return found

    def revisions(self, url_or_id: str) -> RowList[RevisionText]:
        """Every text of an article, oldest first, the newest included.

        >>> [(text.seq, text.title) for text in archive.revisions("https://paper.example/plain")]
        [(1, 'The ferry is late'), (2, 'The ferry is very late')]
        """
        name = self.article(url_or_id).article_id
        with clear_errors(self.path):
            rows = self.connection.execute("SELECT * FROM revisions WHERE article_id=? ORDER BY seq", (name,)).fetchall()
        return RowList(
            RevisionText(
                seq=row["seq"],
                reason=row["reason"],
                first_seen=row["first_seen"],
                replaced_at=row["replaced_at"],
                title=row["title"],
                description=row["description"],
                body=row["body"],
                extractor_version=row["extractor_version"],
            )
            for row in rows
        )

    def diff(self, url_or_id: str, *, first: int | None = None, last: int | None = None, words: bool = True) -> TextDiff:
        """Two texts of an article compared: numbers `first` and `last`, or the newest with the one before."""
        from newsarchive.archive.revisions import choose, compare

        found = self.article(url_or_id)
        older, newer = choose(self.revisions(found.article_id), first, last)
        return compare(found.article_id, found.article.url, older, newer, words=words)

    def changes(self, since: str = "", site: str | None = None) -> list[Change]:
        """Edits and deletions noticed since a moment (UTC, ISO; empty: all), newest first."""
        from newsarchive.archive.revisions import changes

        with clear_errors(self.path):
            return changes(self.connection, since, site)

    def syndication(self, since: str = "", site: str | None = None, *, within_site: bool = False) -> list[Story]:
        """Stories in several places, the newest first; `since` is a moment (UTC, ISO), `site` one that printed them."""
        from newsarchive.archive.syndication import stories

        with clear_errors(self.path):
            return stories(self.connection, since=since, site=site, within_site=within_site)

    def captures(self, address: str) -> list[StoredCapture]:
        """Every capture of an article (by id or any address), of another address, or of a page by digest; newest first."""
        with clear_errors(self.path):
            row = self._by_id(address) or self._by_address(address)
            return stored_pages.captures(self.connection, address, None if row is None else row["id"])

    def raw_page(self, address: str, at: str | None = None) -> bytes:
        """The raw page under an address as last captured, or as captured last before the moment `at` (UTC).

        Raises NotInArchive where none is kept, and where the publisher asked that copies are not shown (`noarchive`).
        """
        with clear_errors(self.path):
            return stored_pages.page_bytes(self.connection, self.captures(address), address, at)

    def raw(self, sha256: str) -> bytes:
        """The raw page with this digest, checked against it."""
        with clear_errors(self.path):
            return load_raw(self.connection, sha256)

    def runs(self) -> list[RunRecord]:
        """All runs, newest first."""
        with clear_errors(self.path):
            rows = self.connection.execute("SELECT * FROM run ORDER BY id DESC").fetchall()
            return [
                RunRecord(
                    id=row["id"],
                    uuid=row["uuid"],
                    status=row["status"],
                    started_at=row["started_at"],
                    finished_at=row["finished_at"],
                    seeds=json.loads(row["seeds"]),
                    outcomes=dict(
                        self.connection.execute(
                            "SELECT outcome, count(*) FROM outcome WHERE run_id=? GROUP BY 1 ORDER BY 2 DESC, 1", (row["id"],)
                        ).fetchall()
                    ),
                )
                for row in rows
            ]

    def stats(self) -> ArchiveStats:
        """Plain figures."""
        one = self._one
        with clear_errors(self.path):
            size, stored = self.connection.execute("SELECT coalesce(sum(size), 0), coalesce(sum(length(data)), 0) FROM raw").fetchone()
            dates = self.connection.execute("SELECT min(published_utc), max(published_utc) FROM article").fetchone()
            return ArchiveStats(
                articles=one("SELECT count(*) FROM article"),
                revisions=one("SELECT count(*) FROM article_revision"),
                teasers=one("SELECT count(*) FROM teaser"),
                placements=one("SELECT count(*) FROM placement"),
                fetches=one("SELECT count(*) FROM fetch"),
                raw_pages=one("SELECT count(*) FROM raw"),
                raw_bytes=size,
                raw_stored_bytes=stored,
                runs=one("SELECT count(*) FROM run"),
                sites=one("SELECT count(DISTINCT site) FROM article"),
                waiting=one("SELECT count(*) FROM frontier WHERE state<>'done'"),
                gone=one("SELECT count(*) FROM article WHERE gone_at IS NOT NULL"),
                first_published=dates[0],
                last_published=dates[1],
                file_bytes=self.path.stat().st_size,
            )

    def _one(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])

    def finished_runs(self) -> int:
        """Runs that finished."""
        with clear_errors(self.path):
            return self._one("SELECT count(*) FROM run WHERE status='finished'")


def open_archive(path: Path | str) -> Archive:
    """Open an archive for reading. Raises NotInArchive where there is none, NotAnArchive for another file, ArchiveNewer."""
    return Archive(path)
