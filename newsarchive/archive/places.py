"""Where an archive may lie."""

from __future__ import annotations

import os
from pathlib import Path

from newsarchive.errors import ArchiveOnNetwork

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "davfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2", "lustre"}
)
"""File systems over a network: SQLite's write-ahead log needs memory shared by all its users, which they cannot give."""

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's list of mounts. On systems without it the check finds nothing."""


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Name of the file system that holds the path (or would hold it); None where the system does not tell."""
    target = os.path.realpath(path)
    best, kind = "", None
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = fields[4].replace("\\040", " ")
        is_above = point == "/" or target == point or target.startswith(point + "/")
        if is_above and len(point) >= len(best):
            best, kind = point, after.split(" ")[0]
    return kind


def require_local(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise ArchiveOnNetwork where writing an archive at this path would risk it."""
    kind = file_system_of(path, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise ArchiveOnNetwork(
            f"{path} lies on a network file system ({kind}), where SQLite cannot keep an archive whole; "
            "name a place on a local disk with --archive, and copy it over with `newsarchive backup`."
        )
