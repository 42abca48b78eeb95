"""Reads a folder of site profiles. Everything is checked before anything is fetched, and all faults are told at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsarchive.errors import NoSuchFile, SiteProfileError
from newsarchive.sites.check import Checker, check_profile
from newsarchive.sites.lines import Place, key_lines
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import Profiles, SiteProfile
from newsarchive.sites.secrets import variables_of

MAX_PROFILE_BYTES = 256 * 1024
"""Bytes of one file. A profile with a thousand feeds has 60 KB."""

_SYNTAX = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|(?P<end>end of document))\)", re.DOTALL)


def load_profiles(folder: Path, *, environment: Mapping[str, str] | None = None) -> Profiles:
    """All profiles of a folder (`*.toml`; names that begin with a dot are passed over).

    Raises SiteProfileError with every problem of every file, and NoSuchFile where there is no folder. With `environment`,
    a variable that a profile needs and that is not set is a problem, too: a crawl passes `os.environ`.
    """
    if not folder.is_dir():
        raise NoSuchFile(f"{folder} is no folder; site profiles are files like {folder / 'example.com.toml'}")
    return load_files(sorted(path for path in folder.glob("*.toml") if not path.name.startswith(".")), environment=environment)


def load_default_profiles(folder: Path, *, environment: Mapping[str, str] | None = None) -> Profiles:
    """As `load_profiles`, for a folder nobody named: where it does not exist there are no profiles."""
    return load_profiles(folder, environment=environment) if folder.is_dir() else Profiles()


def load_sound_profiles(folder: Path, *, environment: Mapping[str, str] | None = None) -> tuple[Profiles, tuple[Problem, ...]]:
    """The profiles of a folder that have no fault, and the faults of the others; nothing of either where there is no folder."""
    paths = sorted(path for path in folder.glob("*.toml") if not path.name.startswith(".")) if folder.is_dir() else []
    profiles, problems = _load_all(paths, environment)
    return Profiles(profiles), problems


def load_files(paths: Sequence[Path], *, environment: Mapping[str, str] | None = None) -> Profiles:
    """The profiles of these files. Raises SiteProfileError with every problem of every file."""
    profiles, problems = _load_all(paths, environment)
    if problems:
        raise SiteProfileError(problems)
    return Profiles(profiles)


def _load_all(paths: Sequence[Path], environment: Mapping[str, str] | None) -> tuple[list[SiteProfile], tuple[Problem, ...]]:
    """The profiles without a fault and all faults; what two files claim belongs to the first."""
    problems: list[Problem] = []
    sound: list[SiteProfile] = []
    claimed: dict[tuple[str, str], str] = {}
    for path in paths:
        profile, checker = _load_file(path)
        _claim_once(checker, profile, claimed)
        if profile is not None and environment is not None:
            _require_variables(checker, profile, environment)
        problems += checker.problems
        if profile is not None and not checker.problems:
            sound.append(profile)
    return sound, tuple(sorted(problems, key=lambda item: (item.file, item.line, item.key)))


def _load_file(path: Path) -> tuple[SiteProfile | None, Checker]:
    checker = Checker(str(path), {})
    text = _text_of(path, checker)
    data = None if text is None else _parsed(text, checker)
    if data is None or text is None:
        return None, checker
    checker.lines = key_lines(text)
    profile = check_profile(data, checker, name=path.stem)
    return (None if profile is None else replace(profile, path=path)), checker


def _text_of(path: Path, checker: Checker) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_PROFILE_BYTES + 1)
    except OSError as error:
        checker.problem((), f"cannot be read ({os.strerror(error.errno or 0)})")
        return None
    if len(content) > MAX_PROFILE_BYTES:
        checker.problem((), f"is larger than {MAX_PROFILE_BYTES // 1024} KiB; a profile is not")
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        checker.lines = {("",): line}
        checker.problem(("",), f"is not UTF-8 (byte {content[error.start]:#04x}); save the file as UTF-8")
        return None


def _parsed(text: str, checker: Checker) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except RecursionError:
        checker.problem((), "is nested too deeply")
    except ValueError as error:  # TOMLDecodeError is one, and so is a number of thousands of digits
        found = _SYNTAX.fullmatch(str(error))
        what = found["what"] if found else str(error)
        line = text.count("\n") + (not text.endswith("\n")) if not found or found["end"] else int(found["line"])
        column = f" at column {found['column']}" if found and found["column"] else ""
        checker.lines = {("",): max(line, 1)}
        checker.problem(("",), f"is no TOML: {what[:1].lower()}{what[1:200]}{column}")
    return None


def _claim_once(checker: Checker, profile: SiteProfile | None, claimed: dict[tuple[str, str], str]) -> None:
    """A domain and a name belong to one profile."""
    if profile is None:
        return
    claims: list[tuple[Place, tuple[str, str]]] = [(("domains", n), ("domain", name)) for n, name in enumerate(profile.domains)]
    for place, claim in [(("name",), ("name", profile.name)), *claims]:
        line = checker.lines.get(place, 1)
        first = claimed.setdefault(claim, f"{checker.file}:{line}")
        if first != f"{checker.file}:{line}":
            checker.problem(place, f"the {claim[0]} {claim[1]!r} belongs to {first} already; keep it in one of the two")


def _require_variables(checker: Checker, profile: SiteProfile, environment: Mapping[str, str]) -> None:
    """Every `${NAME}` of the profile is set."""
    for name in variables_of(profile):
        if not environment.get(name):
            place = next((place for place in checker.lines if _mentions(profile, place, name)), ())
            checker.problem(place, f"the environment variable {name} is not set; export it before the crawl")


def _mentions(profile: SiteProfile, place: Place, name: str) -> bool:
    """Whether the value at a place holds the reference."""
    value: Any = profile
    for part in place:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(part, str):
            value = getattr(value, part, None)
        else:
            return False
    return isinstance(value, str) and f"${{{name}}}" in value
