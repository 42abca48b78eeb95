"""WACZ files: the WARC files in them, read in place. Nothing is written out under a name from the file."""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator

from newsarchive.errors import NotACollection
from newsarchive.recapture.files import RegularFile, Window

ZIP_MAGIC = b"PK\x03\x04"

MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
"""Bytes of the zip's directory: room for half a million files, and what Python makes of them."""

MAX_UNPACKED_BYTES = 4 * 1024**3
"""Bytes of a WARC file that was compressed once more inside of the zip, which the specification forbids. It is unpacked to a
temporary file."""

MAX_RATIO = 50
"""Times larger unpacked than packed, above a megabyte. Uncompressed WARC files shrink to a fifth, compressed ones not at all."""

_NAMES = (".warc", ".warc.gz", ".warc.zst")
_CHUNK = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_END = struct.Struct("<4s8xIIH")
_END_MAGIC = b"PK\x05\x06"
_END64 = struct.Struct("<4s36xQ")
_END64_LOCATOR = struct.Struct("<4s4xQ")
_ENCRYPTED = 0x1


def warc_members(file: RegularFile) -> Iterator[tuple[str, Window]]:
    """Name and content of each WARC file of a WACZ, in the order of names. Raises NotACollection for what cannot be read.

    A member's window is good until the next is asked for.
    """
    _refuse_large_directory(file)
    try:
        with os.fdopen(os.dup(file.descriptor), "rb") as stream, zipfile.ZipFile(stream) as archive:
            members = [info for info in archive.infolist() if info.filename.lower().endswith(_NAMES)]
            if not members:
                raise NotACollection(f"{file.name} holds no WARC file; a WACZ has them in its folder archive/.")
            for info in sorted(members, key=lambda info: info.filename):
                yield from _member(file, archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error) as error:
        raise NotACollection(f"{file.name} is a damaged zip file ({str(error)[:100]}).") from None


def _member(file: RegularFile, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[str, Window]]:
    name = info.filename[:200]
    if info.flag_bits & _ENCRYPTED:
        raise NotACollection(f"{file.name}: {name} is encrypted; unpack it first.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotACollection(f"{file.name}: {name} is compressed in a way that WACZ files are not; unpack it first.")
    if info.compress_type == zipfile.ZIP_STORED:
        head = file.window().read_at(info.header_offset, _LOCAL_HEADER.size)
        if len(head) < _LOCAL_HEADER.size or not head.startswith(ZIP_MAGIC):
            raise NotACollection(f"{file.name} is a damaged zip file ({name} is not where its directory says).")
        _, name_size, extra_size = _LOCAL_HEADER.unpack(head)
        start = info.header_offset + _LOCAL_HEADER.size + name_size + extra_size
        yield name, Window(file, start, max(0, min(info.file_size, file.size - start)))
        return
    with tempfile.TemporaryFile() as space:
        _unpack(file, archive, info, space.fileno())
        with RegularFile(os.dup(space.fileno()), file.name) as unpacked:
            unpacked.modified_ns = file.modified_ns
            yield name, unpacked.window()


def _unpack(file: RegularFile, archive: zipfile.ZipFile, info: zipfile.ZipInfo, descriptor: int) -> None:
    limit = min(MAX_UNPACKED_BYTES, max(MAX_RATIO * info.compress_size, _CHUNK))
    size = 0
    with archive.open(info) as member:
        while piece := member.read(_CHUNK):
            size += len(piece)
            if size > limit:
                raise NotACollection(
                    f"{file.name}: {info.filename[:200]} unpacks to more than {limit} bytes; unpack it yourself if you trust it."
                )
            os.write(descriptor, piece)


def _refuse_large_directory(file: RegularFile) -> None:
    """Python's zipfile reads the whole directory into memory: look at its size first."""
    window = file.window()
    tail_start = max(0, file.size - 65536 - _END.size)
    tail = window.read_at(tail_start, 65536 + _END.size)
    place = tail.rfind(_END_MAGIC)
    if place < 0 or len(tail) - place < _END.size:
        raise NotACollection(f"{file.name} is a damaged zip file (it has no directory; was it cut off?).")
    size = int(_END.unpack_from(tail, place)[1])
    locator = window.read_at(tail_start + place - _END64_LOCATOR.size - 4, _END64_LOCATOR.size)
    if locator.startswith(b"PK\x06\x07"):
        end64 = window.read_at(int(_END64_LOCATOR.unpack(locator)[1]), _END64.size)
        if len(end64) == _END64.size and end64.startswith(b"PK\x06\x06"):
            size = max(size if size != 0xFFFFFFFF else 0, int(_END64.unpack(end64)[1]))
    if size > MAX_DIRECTORY_BYTES:
        raise NotACollection(f"{file.name}: its directory of {size} bytes is over the limit of {MAX_DIRECTORY_BYTES}.")
