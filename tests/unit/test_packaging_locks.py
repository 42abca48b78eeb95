"""The lock files: complete, hashed, the same for users and developers, and bound to no index or machine."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
REPAIR = "repair with: make lock"


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@cache
def pins(lock: str) -> dict[tuple[str, str], set[str]]:
    """(name, marker) -> versions pinned by a lock file; every entry must be `name==version [; marker]` with hashes."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    found: dict[tuple[str, str], set[str]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        requirement_text, *hashes = re.split(r"\s+--hash=", line)
        requirement = Requirement(requirement_text)
        assert hashes, f"{lock}: {requirement.name} has no hash; {REPAIR}"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", item) for item in hashes), f"{lock}: {requirement.name}: {REPAIR}"
        versions = [item.version for item in requirement.specifier if item.operator == "=="]
        assert len(versions) == len(list(requirement.specifier)) == 1, f"{lock}: {requirement} is no pin; {REPAIR}"
        found.setdefault((canonicalize_name(requirement.name), str(requirement.marker or "")), set()).add(versions[0])
    return found


def versions_of(lock: str, name: str) -> set[str]:
    return {version for (found, _), versions in pins(lock).items() if found == canonicalize_name(name) for version in versions}


def wanted(*groups: str) -> list[str]:
    """The requirements of pyproject.toml: the project's own and those of dependency groups, with the groups they include."""
    names = list(project()["project"]["dependencies"])
    for group in groups:
        for item in project()["dependency-groups"][group]:
            names += [item] if isinstance(item, str) else wanted(item["include-group"])[len(project()["project"]["dependencies"]) :]
    return names


@pytest.mark.parametrize(("lock", "groups"), [("requirements.txt", ("build",)), ("requirements-dev.txt", ("dev",))])
def test_every_dependency_is_locked_within_its_range(lock, groups):
    for text in wanted(*groups):
        requirement = Requirement(text)
        versions = versions_of(lock, requirement.name)
        assert versions, f"{lock} lacks {requirement.name}; {REPAIR}"
        assert all(requirement.specifier.contains(version) for version in versions), f"{lock}: {requirement} is not {versions}; {REPAIR}"


def test_developers_test_what_users_get():
    dev = pins("requirements-dev.txt")
    for key, versions in pins("requirements.txt").items():
        assert dev.get(key) == versions, f"{key[0]} differs between the lock files; {REPAIR}"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_name_no_index_and_no_place(lock):
    for number, line in enumerate((ROOT / lock).read_text().splitlines(), start=1):
        assert "://" not in line, f"{lock}:{number}"
        assert not line.lstrip().startswith(("-", "@")) or line.lstrip().startswith("--hash=sha256:"), f"{lock}:{number}"
        assert " @ " not in line, f"{lock}:{number}"


def test_the_build_backend_is_locked():
    for text in project()["build-system"]["requires"]:
        assert versions_of("requirements.txt", Requirement(text).name), REPAIR


NOT_IMPORTED = {"lxml-html-clean": "trafilatura needs it and does not always say so"}
"""Dependency -> why it is declared although nothing of ours imports it."""


def declared() -> set[str]:
    """What users and the extras they choose get."""
    extras = [text for texts in project()["project"].get("optional-dependencies", {}).values() for text in texts]
    return {canonicalize_name(Requirement(text).name) for text in [*project()["project"]["dependencies"], *extras]}


@cache
def imports() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """File, module and the packages it may come from, for every import of other people's code."""
    owners = packages_distributions()
    found = []
    for path in [*ROOT.glob("newsarchive/**/*.py"), *ROOT.glob("spiders/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_absolute = isinstance(node, ast.ImportFrom) and not node.level
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module] if is_absolute else []
            for name in names:
                top = name.split(".")[0]
                if top not in sys.stdlib_module_names and top not in {"newsarchive", "spiders"}:
                    packages = frozenset(canonicalize_name(owner) for owner in owners.get(top, ()))
                    found.append((path.relative_to(ROOT).as_posix(), name, packages))
    return tuple(found)


def test_everything_imported_is_declared():
    for path, name, packages in imports():
        assert packages & declared(), f"{path} imports {name}: add its package to pyproject.toml, then {REPAIR}"


def test_everything_declared_is_imported():
    used = {package for _, _, packages in imports() for package in packages}
    assert declared() - used == set(NOT_IMPORTED), f"take out of pyproject.toml what nothing imports, then {REPAIR}"
