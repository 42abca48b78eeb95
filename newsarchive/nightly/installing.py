"""Writing units where schedulers look for them, never over something that a person has changed."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import ConfigurationError, NoSuchFile

_SEAL = re.compile(r"written by `newsarchive schedule`, ([0-9a-f]{16})")
_BEGIN, _END = "# newsarchive: begin, ", "# newsarchive: end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One thing that was written."""

    place: str
    """A path, or `the crontab`."""
    was: str
    """`written`, `replaced` or `unchanged`."""


def sealed(text: str, *, comment: str = "# {}") -> str:
    """The text with a line that tells whether it was changed since it was written."""
    line = comment.format(f"written by `newsarchive schedule`, {_digest(text)}")
    first, rest = text.split("\n", 1)
    if first.startswith("<?xml"):  # nothing may stand before it
        return f"{first}\n{line}\n{rest}"
    return f"{line}\n{text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_ours(text: str) -> bool:
    """Whether a text is one that `sealed` made and nobody has changed since."""
    lines = text.splitlines(keepends=True)
    place = next((number for number, line in enumerate(lines[:2]) if _SEAL.search(line)), None)
    if place is None:
        return False
    found = _SEAL.search(lines[place])
    rest = "".join(lines[:place] + lines[place + 1 :])
    return found is not None and found[1] == _digest(rest)


def require_ours(path: Path) -> None:
    """Raise ConfigurationError where there is a file that is not ours or was changed."""
    if path.exists() and not is_ours(path.read_text(encoding="utf-8", errors="replace")):
        raise ConfigurationError(f"{path} was written or changed by somebody else; it was left as it is. Move it away and run again")


def install_file(path: Path, text: str) -> Installed:
    """Write a sealed text. Raises ConfigurationError where there is a file that is not ours or was changed."""
    require_ours(path)
    was = "replaced" if path.exists() else "written"
    if was == "replaced" and path.read_text(encoding="utf-8") == text:
        return Installed(place=str(path), was="unchanged")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return Installed(place=str(path), was=was)


def install_crontab(block: str) -> Installed:
    """Put the block into the user's crontab, in the place of the one that stood there.

    Raises ConfigurationError where that was changed, NoSuchFile where there is no cron.
    """
    program = shutil.which("crontab")
    if program is None:
        raise NoSuchFile("there is no `crontab` on this machine; install cron, or take systemd: newsarchive schedule systemd")
    listed = subprocess.run([program, "-l"], capture_output=True, text=True, timeout=30, check=False)
    table = listed.stdout if listed.returncode == 0 else ""
    before, former, after = _split(table)
    marked = f"{_BEGIN}{_digest(block)}\n{block}{_END}\n"
    if former is not None:
        if former == marked:
            return Installed(place="the crontab", was="unchanged")
        head, _, body = former.partition("\n")
        if head != _BEGIN + _digest(body.removesuffix(_END + "\n")):
            raise ConfigurationError(
                "the lines of newsarchive in the crontab were changed; nothing was written. Take them out with `crontab -e`"
            )
    done = subprocess.run([program, "-"], input=before + marked + after, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise ConfigurationError(f"crontab refused the lines: {done.stderr.strip()[:200]}")
    return Installed(place="the crontab", was="written" if former is None else "replaced")


def _split(table: str) -> tuple[str, str | None, str]:
    """What stands before our lines, our lines, and what stands behind them."""
    lines = table.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.startswith(_BEGIN)), None)
    if start is None:
        return table if table.endswith("\n") or not table else table + "\n", None, ""
    end = next((number for number, line in enumerate(lines) if number > start and line.startswith(_END)), None)
    if end is None:
        raise ConfigurationError(
            "the lines of newsarchive in the crontab have no end; nothing was written. Take them out with `crontab -e`"
        )
    return "".join(lines[:start]), "".join(lines[start : end + 1]), "".join(lines[end + 1 :])
