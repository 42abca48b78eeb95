"""Files and folders that are whole or not there: written under another name beside their place, synced, and renamed at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from newsarchive.errors import ArchiveReadOnly, ConfigurationError

UNFINISHED = ".part"
"""End of the names of what is still being written. What a killed process leaves behind is called so and may be deleted."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that gets its name when the block ends well; nothing is left of it otherwise.

    What is there under the name is replaced at the end. Raises ArchiveReadOnly where the folder does not exist or may not be written,
    ConfigurationError where a folder or a device has the name.
    """
    if path.exists() and not path.is_file():
        raise ConfigurationError(f"{path} is no file that could be replaced; give another name.")
    with _writable(path):
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(path: Path, *, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder to write into that gets its name when the block ends well; nothing is left of it otherwise.

    A folder that is there under the name is replaced at the end if it is empty or `is_ours` says that we made it; raises
    ConfigurationError for another one, before anything is written.
    """
    if path.exists() and not (path.is_dir() and (is_ours(path) or not any(path.iterdir()))):
        raise ConfigurationError(f"{path} is there and was not made by this command; it is not replaced. Give another name.")
    with _writable(path):
        unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent))
    try:
        unfinished.chmod(0o777 & ~_umask())
        yield unfinished
        for item in unfinished.rglob("*"):
            if item.is_dir():
                _sync_folder(item)
        _sync_folder(unfinished)
        _put(unfinished, path)
        _sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise ConfigurationError where something is at `path` and nobody said that it may be replaced."""
    if not force and (path.exists() or path.is_symlink()):
        raise ConfigurationError(f"{path} is there already; give another name, or --force to replace it.")


def _put(unfinished: Path, path: Path) -> None:
    if not path.exists():
        unfinished.rename(path)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent))
    path.rename(aside / path.name)
    try:
        unfinished.rename(path)
    except OSError:
        (aside / path.name).rename(path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ArchiveReadOnly(f"{path.parent} does not exist; make that folder first, or give another place.") from None
    except OSError as error:
        raise ArchiveReadOnly(f"{path} cannot be written ({error.strerror}); give another place.") from None


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
