"""Raw pages: bytes as received, compressed, by digest."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

import zstandard

from newsarchive.errors import ArchiveCorrupt, NotInArchive

ZSTD_LEVEL = 3
"""Measured in the design: 1.4 ms a page and 5.6 to 1; higher levels cost several times that for a few per cent."""


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page ready to be stored."""

    sha256: str
    size: int
    """Bytes as received."""
    codec: str
    data: bytes
    ref_id: int | None = None


class Packer:
    """Compresses pages; keeps one compressor for all of them."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)

    def pack(self, connection: sqlite3.Connection, body: bytes, sha256: str) -> PackedPage | None:
        """The page compressed, or None where the archive holds these bytes already. Called outside of the transaction."""
        if connection.execute("SELECT 1 FROM raw WHERE sha256=?", (sha256,)).fetchone():
            return None
        return PackedPage(sha256, len(body), "zstd", self._compressor.compress(body))


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
