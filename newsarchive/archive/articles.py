"""What a capture does to the article it belongs to: new, edited, unchanged, the same under another address, or lost.

The result is the same whatever the order of captures within a run: of several addresses with one identity the
smallest by `_rank` is the article's source, and takes the record over from a larger one that came first.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from newsarchive import urls
from newsarchive.archive import similar
from newsarchive.archive.moments import from_text
from newsarchive.archive.reading import READ_COLUMNS, Columns
from newsarchive.archive.statements import assign, insert_into
from newsarchive.archive.teasers import drop_placements
from newsarchive.model.outcome import Outcome

GONE_AFTER = timedelta(days=1)
"""A 404 must last a day before the article counts as removed: publishers' servers stumble for hours, not for days."""

READ_DIFFERENTLY = "a newer extractor reads it differently"
"""Detail of `unchanged` where the text differs by the extractor, or nobody can say by whom."""


ADOPTED = "another address of it serves it now"
"""Detail of `unchanged` where the article's address was lost and one of its others took the place."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article capture on its way into the archive."""

    url: str
    """The address the crawl asked for."""
    columns: Columns
    """What was read (`reading.columns_of`)."""
    run_id: int
    fetch_id: int
    seen_at: str
    """UTC."""
    old_hash: str | None = None
    """Content hash of the article's previous capture as today's extractor reads it; None where that is not known."""
    old_columns: Columns | None = None
    """The whole of that reading."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a capture."""

    outcome: Outcome
    detail: str | None
    article_row: int | None
    """`article.id`; None where the archive holds none."""
    shows_teasers: bool = True
    """Whether the capture's teasers count: those of a second address of the same article do not."""


def save_article(connection: sqlite3.Connection, arrival: Arrival) -> Verdict:
    """Write the article of a capture and say what that was."""
    article_id = urls.article_id(arrival.columns["identity"])
    connection.execute("DELETE FROM redirect WHERE url=?", (urls.identity(arrival.url),))  # it answers itself again
    known = connection.execute(
        "SELECT id, article_id, url, source_url, identity, content_hash, extractor, extractor_version, first_run_id, fetch_id, first_seen,"
        " last_seen, coalesce(missing_since, gone_at) AS lost_at FROM article WHERE article_id=?",
        (article_id,),
    ).fetchone()
    if known is None:
        row = _insert(connection, arrival, article_id)
        _add_aliases(connection, arrival, row)
        return Verdict(Outcome.STORED, None, row)
    _add_aliases(connection, arrival, known["id"])
    if urls.identity(known["source_url"]) == urls.identity(arrival.url):
        return _seen_again(connection, arrival, known)
    return _other_address(connection, arrival, known)


def _insert(connection: sqlite3.Connection, arrival: Arrival, article_id: str) -> int:
    values = {name: arrival.columns[name] for name in READ_COLUMNS} | {
        "article_id": article_id,
        "source_url": arrival.url,
        "first_seen": arrival.seen_at,
        "last_seen": arrival.seen_at,
        "extracted_at": arrival.seen_at,
        "first_run_id": arrival.run_id,
        "fetch_id": arrival.fetch_id,
        "minhash": arrival.columns["minhash"],
    }
    row = int(connection.execute(insert_into("article", values) + " RETURNING id", values).fetchone()[0])
    similar.follow(connection, row, None, values["minhash"], values["body"])
    return row


def _replace(connection: sqlite3.Connection, arrival: Arrival, row: int) -> None:
    """Put the new reading in the article's place."""
    values = {name: arrival.columns[name] for name in READ_COLUMNS} | {
        "source_url": arrival.url,
        "seen_at": arrival.seen_at,
        "fetch_id": arrival.fetch_id,
        "minhash": arrival.columns["minhash"],
        "row": row,
    }
    before = similar.signature_of(connection, row)
    connection.execute(
        f"UPDATE article SET {assign((*READ_COLUMNS, 'source_url', 'fetch_id', 'minhash'))}, extracted_at=:seen_at,"
        " last_seen=max(last_seen, :seen_at), missing_since=NULL, gone_at=NULL WHERE id=:row",
        values,
    )
    similar.follow(connection, row, before, values["minhash"], values["body"])


def _seen_again(connection: sqlite3.Connection, arrival: Arrival, known: sqlite3.Row) -> Verdict:
    """A new capture of the article's own address."""
    row = int(known["id"])
    same_reader = (known["extractor"], known["extractor_version"]) == (
        arrival.columns["extractor"],
        arrival.columns["extractor_version"],
    )
    if known["content_hash"] == arrival.columns["content_hash"]:
        if same_reader:
            still_there(connection, row, arrival.seen_at)
        else:
            _replace(connection, arrival, row)
        return Verdict(Outcome.UNCHANGED, None, row)
    if same_reader:
        keep_revision(connection, row, arrival.seen_at, "edit")
        _replace(connection, arrival, row)
        return Verdict(Outcome.UPDATED, None, row)
    return _newer_reader(connection, arrival, row)


def _newer_reader(connection: sqlite3.Connection, arrival: Arrival, row: int) -> Verdict:
    """Text and extractor both differ: an edit only where the old page, read by today's extractor, differs as well."""
    if arrival.old_hash is None or arrival.old_columns is None:
        keep_revision(connection, row, arrival.seen_at, "extractor")
        _replace(connection, arrival, row)
        return Verdict(Outcome.UNCHANGED, READ_DIFFERENTLY, row)
    if arrival.old_hash == arrival.columns["content_hash"]:
        _replace(connection, arrival, row)
        return Verdict(Outcome.UNCHANGED, READ_DIFFERENTLY, row)
    reread(connection, row, arrival.old_columns, arrival.seen_at)
    keep_revision(connection, row, arrival.seen_at, "edit")
    _replace(connection, arrival, row)
    return Verdict(Outcome.UPDATED, None, row)


def reread(connection: sqlite3.Connection, row: int, columns: Columns, extracted_at: str) -> None:
    """Put a new reading of the same capture in the article's place: never a revision."""
    names = assign([name for name in READ_COLUMNS if name not in ("url", "identity", "canonical_url")] + ["minhash"])
    values = {**columns, "extracted_at": extracted_at, "row": row}
    before = similar.signature_of(connection, row)
    connection.execute(f"UPDATE article SET {names}, extracted_at=:extracted_at WHERE id=:row", values)
    similar.follow(connection, row, before, columns["minhash"], columns["body"])


def keep_revision(connection: sqlite3.Connection, row: int, replaced_at: str, reason: str) -> None:
    """Copy the article's present text to its revisions, as superseded at `replaced_at`."""
    connection.execute(
        "INSERT INTO article_revision(article_id, seq, reason, first_seen, replaced_at, title, description, authors, date_published,"
        " date_modified, content_hash, fetch_id, extractor, extractor_version, body, body_blocks)"
        " SELECT a.id, coalesce((SELECT max(seq) FROM article_revision WHERE article_id=a.id), 0) + 1, :reason,"
        " coalesce((SELECT max(replaced_at) FROM article_revision WHERE article_id=a.id), a.first_seen), :replaced_at, a.title,"
        " a.description, a.authors, a.date_published, a.date_modified, a.content_hash, a.fetch_id, a.extractor, a.extractor_version,"
        " a.body, a.body_blocks FROM article a WHERE a.id=:row",
        {"reason": reason, "replaced_at": replaced_at, "row": row},
    )
    if reason == "edit":
        connection.execute("UPDATE article SET revisions=revisions+1 WHERE id=?", (row,))


def _rank(article_id: str, final_url: str, url: str) -> tuple[bool, bool, str]:
    """Smaller is the better source: the address that is the article's own, https before http, then the spelling."""
    return (urls.article_id(final_url) != article_id, not url.startswith("https:"), url)


def _other_address(connection: sqlite3.Connection, arrival: Arrival, known: sqlite3.Row) -> Verdict:
    """A capture of an archived article under another address than its own."""
    row = int(known["id"])
    aside = Verdict(Outcome.DUPLICATE, None, row, shows_teasers=False)
    ours = _rank(known["article_id"], arrival.columns["url"], arrival.url)
    theirs = _rank(known["article_id"], known["url"], known["source_url"])
    was = connection.execute(
        "SELECT outcome, detail FROM outcome WHERE run_id=? AND url=?", (arrival.run_id, known["source_url"])
    ).fetchone()
    if known["lost_at"] is not None and _lost_before(connection, arrival.run_id, known["lost_at"]):
        return _adopt(connection, arrival, known)
    is_of_this_run = known["first_run_id"] == arrival.run_id or (was is not None and was["detail"] == ADOPTED)
    if was is None or not is_of_this_run or ours > theirs:
        return aside
    demoted = (Outcome.DUPLICATE.value, known["source_url"])
    connection.execute("UPDATE outcome SET outcome=?, detail=NULL WHERE url=? AND run_id=?", (*demoted, arrival.run_id))
    connection.execute("UPDATE frontier SET last_outcome=? WHERE url=?", demoted)
    connection.execute("UPDATE fetch SET outcome=?, detail=NULL WHERE id=?", (Outcome.DUPLICATE.value, known["fetch_id"]))
    drop_placements(connection, known["fetch_id"])
    _replace(connection, arrival, row)
    return Verdict(Outcome(was["outcome"]), was["detail"], row)


def _lost_before(connection: sqlite3.Connection, run_id: int, lost_at: str) -> bool:
    """Whether the article was lost before this run: what the run itself finds must not depend on what it fetched first."""
    started = connection.execute("SELECT started_at FROM run WHERE id=?", (run_id,)).fetchone()
    return started is not None and lost_at < started[0]


def _adopt(connection: sqlite3.Connection, arrival: Arrival, known: sqlite3.Row) -> Verdict:
    """The article's own address was lost in an earlier run, and another one still serves it: that is its address now.

    The two may word it differently, so the old text is kept without being called an edit.
    """
    lost = (Outcome.HTTP_4XX.value, known["source_url"], arrival.run_id, Outcome.GONE.value, Outcome.MISSING.value)
    connection.execute("UPDATE outcome SET outcome=? WHERE url=? AND run_id=? AND outcome IN (?,?)", lost)
    connection.execute("UPDATE fetch SET outcome=? WHERE url=? AND run_id=? AND outcome IN (?,?)", lost)
    connection.execute("UPDATE frontier SET last_outcome=? WHERE url=? AND last_done_run=? AND last_outcome IN (?,?)", lost)
    keep_revision(connection, int(known["id"]), arrival.seen_at, "extractor")
    _replace(connection, arrival, int(known["id"]))
    return Verdict(Outcome.UNCHANGED, ADOPTED, int(known["id"]))


def _add_aliases(connection: sqlite3.Connection, arrival: Arrival, row: int) -> None:
    identity = arrival.columns["identity"]
    final = urls.identity(arrival.columns["url"])
    asked = urls.identity(arrival.url)
    aliases = {final: "canonical"}
    aliases.setdefault(asked, "redirect")
    for alias, reason in aliases.items():
        if alias != identity:
            connection.execute(
                "INSERT INTO url_alias(url, article_id, reason, first_seen) VALUES(?,?,?,?)"
                " ON CONFLICT(url) DO UPDATE SET article_id=excluded.article_id, reason=excluded.reason",
                (alias, row, reason, arrival.seen_at),
            )


def still_there(connection: sqlite3.Connection, row: int, seen_at: str) -> None:
    """The article was seen again as it is known."""
    connection.execute("UPDATE article SET last_seen=max(last_seen, ?), missing_since=NULL, gone_at=NULL WHERE id=?", (seen_at, row))


def article_under(connection: sqlite3.Connection, url: str) -> sqlite3.Row | None:
    """The archived article that the crawl asks for under `url`; None where there is none."""
    found: sqlite3.Row | None = connection.execute(
        "SELECT id, url, missing_since, gone_at, first_seen, published_utc FROM article WHERE source_url=? ORDER BY id LIMIT 1", (url,)
    ).fetchone()
    return found


def lose_article(connection: sqlite3.Connection, known: sqlite3.Row, status: int | None, seen_at: str) -> Outcome:
    """The address answered 404 or 410: `gone` for 410 and for a 404 that lasts, `missing` until then. The text is kept."""
    since = known["missing_since"]
    lasting = since is not None and from_text(seen_at) - from_text(since) >= GONE_AFTER
    if status == 410 or lasting or known["gone_at"] is not None:
        connection.execute("UPDATE article SET gone_at=coalesce(gone_at, ?) WHERE id=?", (seen_at, known["id"]))
        return Outcome.GONE
    connection.execute("UPDATE article SET missing_since=coalesce(missing_since, ?) WHERE id=?", (seen_at, known["id"]))
    return Outcome.MISSING
