"""The ways newsarchive is used: from its folder, as a wheel, from a source archive. Built without network and isolation."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPIDERS = "from newsarchive.crawl.spider_names import spider_names; import newsarchive; print(*spider_names()); print(newsarchive.__file__)"


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, source: Path, target: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target), cwd=source)
    (made,) = target.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def package_files() -> set[str]:
    """What the package has in this folder, with the spiders where a wheel carries them."""
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "newsarchive").rglob("*") if path.is_file()}
    files |= {"newsarchive/" + path.relative_to(ROOT).as_posix() for path in (ROOT / "spiders").rglob("*") if path.is_file()}
    return {name for name in files if "__pycache__" not in name}


def test_the_wheel_carries_the_package_its_data_and_the_spiders_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == package_files()
    assert {"newsarchive/py.typed", "newsarchive/spiders/news.py", "newsarchive/settings.py"} <= names


def test_an_installed_wheel_finds_its_spiders_outside_the_checkout(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    names, place = run(sys.executable, "-c", SPIDERS, cwd=tmp_path / "elsewhere", PYTHONPATH=str(tmp_path / "site")).splitlines()
    assert "news" in names.split()
    assert Path(place).is_relative_to(tmp_path / "site")


def test_an_installed_wheel_keeps_its_archive_in_the_users_data_folder(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "from newsarchive.locations import default_archive; print(default_archive())"
    environment = {"PYTHONPATH": str(tmp_path / "site"), "XDG_DATA_HOME": str(tmp_path / "home"), "NEWSARCHIVE_ARCHIVE": ""}
    place = Path(run(sys.executable, "-c", code, cwd=tmp_path, **environment).strip())
    assert place.name == "archive.db"
    assert not place.is_relative_to(ROOT)


def test_the_source_archive_can_do_everything_a_checkout_can(sdist, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (folder,) = tmp_path.iterdir()
    for name in (
        "Makefile",
        "scrapy.cfg",
        "spiders/news.py",
        "requirements.txt",
        "requirements-dev.txt",
        "tests",
        "docs",
        "LICENSE",
        ".ci/run",
    ):
        assert (folder / name).exists(), name
    assert [path.name for path in (folder / "data").iterdir()] == ["README.md"]
    assert not (folder / ".venv").exists()
    names, place = run(sys.executable, "-c", SPIDERS, cwd=folder).splitlines()
    assert "news" in names.split()
    assert Path(place).is_relative_to(folder)
    (tmp_path / "wheel").mkdir()
    rebuilt = build("wheel", folder, tmp_path / "wheel")
    assert {name for name in zipfile.ZipFile(rebuilt).namelist() if ".dist-info/" not in name} == package_files()


def test_scrapy_finds_the_spiders_from_the_root_of_the_checkout():
    assert "news" in run(sys.executable, "-m", "scrapy", "list", cwd=ROOT).split()


def test_the_package_runs_as_a_module():
    assert run(sys.executable, "-m", "newsarchive", "--version", cwd=ROOT).startswith("newsarchive ")
