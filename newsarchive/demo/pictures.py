"""Small deterministic PNG pictures, so that every image address of the demo newspaper answers."""

from __future__ import annotations

import hashlib
import struct
import zlib

WIDTH, HEIGHT = 64, 36


def picture(name: str) -> bytes:
    """A PNG of two bands in colours that follow from the name."""
    digest = hashlib.sha256(name.encode("utf-8")).digest()
    sky, sea = digest[:3], digest[3:6]
    horizon = HEIGHT // 3 + digest[6] % (HEIGHT // 3)
    rows = b"".join(b"\x00" + (sky if row < horizon else sea) * WIDTH for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
