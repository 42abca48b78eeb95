"""Raw pages: bytes as received, compressed, by digest.

Pages of one site share their templates, so most are compressed against an older page of the same host, a keyframe.
A keyframe is always stored on its own: reading any page needs at most one other.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import zstandard

from newsarchive.errors import ArchiveCorrupt, NotInArchive

ZSTD_LEVEL = 3
"""Measured on 290 KB news pages: 0.8 ms and 6.1 to 1 alone, 0.8 ms and 7.9 to 1 with a prepared keyframe of the same
publisher. Higher levels cost several times that for a few per cent."""

MIN_SHARED_BYTES = 4096
"""Smaller pages are stored alone: a reference would save less than its row costs to resolve."""

KEYFRAMES_PER_HOST = 3
"""Templates of a host that are remembered (story, live blog, video): the next is tried where one does not fit."""

KEYFRAMES_IN_MEMORY = 48
"""Over all hosts. A prepared keyframe takes about 1 MB; loading one from the archive takes about 1 ms."""

POOR_SHARE = 0.85
"""A page that a keyframe shrinks to more than this share of what it would take alone becomes a keyframe itself."""


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page ready to be stored."""

    sha256: str
    size: int
    """Bytes as received."""
    codec: str
    data: bytes
    ref_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Keyframe:
    id: int
    ratio: float
    """Bytes as received for each byte stored, compressed alone."""
    compressor: zstandard.ZstdCompressor


class Packer:
    """Compresses pages for one writer; remembers the keyframes of the hosts it met last."""

    def __init__(self) -> None:
        self._alone = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        self._hosts: OrderedDict[str, list[_Keyframe]] = OrderedDict()

    def pack(self, connection: sqlite3.Connection, body: bytes, sha256: str, host: str) -> PackedPage | None:
        """The page compressed, or None where the archive holds these bytes already. Called outside of the transaction."""
        if connection.execute("SELECT 1 FROM raw WHERE sha256=?", (sha256,)).fetchone():
            return None
        size = len(body)
        if size >= MIN_SHARED_BYTES:
            for keyframe in self._keyframes(connection, host):
                data = keyframe.compressor.compress(body)
                if len(data) <= POOR_SHARE * size / keyframe.ratio:
                    return PackedPage(sha256, size, "zstd-ref", data, keyframe.id)
            self._hosts.pop(host, None)  # this page becomes a keyframe: look again next time
        return PackedPage(sha256, size, "zstd", self._alone.compress(body))

    def forget(self) -> None:
        """Drop what is remembered: pages were deleted from the archive."""
        self._hosts.clear()

    def _keyframes(self, connection: sqlite3.Connection, host: str) -> list[_Keyframe]:
        known = self._hosts.get(host)
        if known is None:
            rows = connection.execute(
                "SELECT id, size, codec, ref_id, data FROM raw WHERE host=? AND codec='zstd' AND size>=? ORDER BY id DESC LIMIT ?",
                (host, MIN_SHARED_BYTES, KEYFRAMES_PER_HOST),
            ).fetchall()
            known = self._hosts[host] = [_prepare(connection, row) for row in rows]
            while sum(map(len, self._hosts.values())) > KEYFRAMES_IN_MEMORY and len(self._hosts) > 1:
                self._hosts.popitem(last=False)
        self._hosts.move_to_end(host)
        return known


def _prepare(connection: sqlite3.Connection, row: sqlite3.Row) -> _Keyframe:
    dictionary = zstandard.ZstdCompressionDict(_unpack(connection, row), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    dictionary.precompute_compress(level=ZSTD_LEVEL)
    compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL, dict_data=dictionary)
    return _Keyframe(int(row["id"]), row["size"] / max(len(row["data"]), 1), compressor)


def save_raw(connection: sqlite3.Connection, packed: PackedPage, host: str) -> None:
    """Write a packed page; one that is there already stays."""
    connection.execute(
        "INSERT INTO raw(sha256, size, codec, ref_id, host, data) VALUES(?,?,?,?,?,?) ON CONFLICT(sha256) DO NOTHING",
        (packed.sha256, packed.size, packed.codec, packed.ref_id, host, packed.data),
    )


def load_raw(connection: sqlite3.Connection, sha256: str) -> bytes:
    """The page with this digest, checked. Raises NotInArchive, or ArchiveCorrupt where the bytes are not the ones stored."""
    row = connection.execute("SELECT id, size, codec, ref_id, data FROM raw WHERE sha256=?", (sha256,)).fetchone()
    if row is None:
        raise NotInArchive(f"The archive holds no raw page {sha256}; it was purged, or never kept.")
    body = _unpack(connection, row)
    if hashlib.sha256(body).hexdigest() != sha256:
        raise ArchiveCorrupt(f"The raw page {sha256} is damaged; restore a backup of the archive.")
    return body


def _unpack(connection: sqlite3.Connection, row: sqlite3.Row) -> bytes:
    data: bytes = row["data"]
    if row["codec"] == "none":
        return data
    dictionary = None
    if row["codec"] == "zstd-ref":
        reference = connection.execute("SELECT id, size, codec, ref_id, data FROM raw WHERE id=?", (row["ref_id"],)).fetchone()
        if reference is None:
            raise ArchiveCorrupt(f"Raw page {row['id']} was compressed against page {row['ref_id']}, which is missing; restore a backup.")
        dictionary = zstandard.ZstdCompressionDict(_unpack(connection, reference), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    try:
        return zstandard.ZstdDecompressor(dict_data=dictionary).decompress(data, max_output_size=row["size"])
    except zstandard.ZstdError as error:
        raise ArchiveCorrupt(f"Raw page {row['id']} cannot be decompressed ({error}); restore a backup of the archive.") from None


def delete_raw(connection: sqlite3.Connection, ids: Iterable[int]) -> int:
    """Delete raw pages inside the caller's transaction; returns how many. Captures keep the digest.

    Pages that were compressed against one of them, and stay, are compressed anew on their own first. The caller's
    `Packer` must `forget` afterwards.
    """
    doomed = set(ids)
    alone = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    for number in doomed:
        for row in connection.execute("SELECT id, size, codec, ref_id, data FROM raw WHERE ref_id=?", (number,)).fetchall():
            if row["id"] not in doomed:
                body = _unpack(connection, row)
                connection.execute("UPDATE raw SET codec='zstd', ref_id=NULL, data=? WHERE id=?", (alone.compress(body), row["id"]))
    for number in doomed:
        connection.execute("UPDATE raw SET ref_id=NULL, codec='none' WHERE id=? AND ref_id IS NOT NULL", (number,))
    connection.executemany("DELETE FROM raw WHERE id=?", [(number,) for number in doomed])
    return len(doomed)
