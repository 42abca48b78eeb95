"""The notebook API: the examples of its docstrings, frames of three libraries, and the notebook of the guide."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from export_samples import TITLES, make_archive

from newsarchive.archive import frames, reader
from newsarchive.archive.reader import open_archive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("notebook") / "archive.db")


@pytest.fixture
def archive(path):
    with open_archive(path) as opened:
        yield opened


EXAMPLES = [test for module in (reader, frames) for test in doctest.DocTestFinder().find(module) if test.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda test: test.name.removeprefix("newsarchive.archive."))
def test_examples_of_the_docstrings_are_true(example, archive, path):
    example.globs |= {"archive": archive, "path": path}
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=report.append)
    assert not report, "".join(report)


@pytest.mark.parametrize("name", ["search", "articles", "counts", "revisions", "teasers", "facets"])
def test_every_method_of_the_notebook_api_has_an_example(name):
    assert any(example.name.endswith(f"Archive.{name}") for example in EXAMPLES)


CALLS = {
    "search": lambda archive: archive.search("ferry", 100),
    "articles": lambda archive: archive.articles(),
    "counts": lambda archive: archive.counts("day"),
    "revisions": lambda archive: archive.revisions("https://paper.example/plain"),
    "teasers": lambda archive: archive.teasers("https://paper.example/plain"),
    "nothing": lambda archive: archive.articles("wordless"),
}


@pytest.mark.parametrize("call", CALLS)
def test_rows_become_frames_of_pandas_polars_and_arrow(archive, call):
    for library in ("pandas", "polars", "pyarrow"):
        pytest.importorskip(library)
    rows = CALLS[call](archive)
    records = list(rows.records())
    arrow, polars, pandas = rows.to_arrow(), rows.to_polars(), rows.to_pandas()
    assert arrow.num_rows == polars.height == len(pandas) == len(records)
    if records:
        assert arrow.column_names == polars.columns == list(pandas.columns) == list(records[0])
        for name, value in records[-1].items():
            if isinstance(value, str):
                assert arrow[name].to_pylist()[-1] == polars[name].to_list()[-1] == pandas[name].tolist()[-1] == value


def test_authors_are_lists_everywhere(archive):
    [hit] = archive.search("title:ferry", 1, until="2026-05-01")
    assert hit.authors == next(iter(archive)).article.authors == ["Ivo Penhale", "Calder, Ruth; Smith"]


def test_rows_can_be_looped_over_twice(archive):
    rows = archive.articles()
    assert len(list(rows)) == len(list(rows)) == len(TITLES)


def test_the_notebook_of_the_guide_runs(path, tmp_path, monkeypatch, capsys):
    """Every code cell, in order, as a reader would run them beside an archive."""
    for library in ("pandas", "polars"):
        pytest.importorskip(library)
    notebook = json.loads((ROOT / "docs" / "guide" / "notebook.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["metadata"]["kernelspec"]["name"]) == (4, "python3")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive.db").write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, start=1):
        assert cell["outputs"] == [], "the notebook is kept without outputs"
        exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    assert len(cells) >= 6
    assert capsys.readouterr().out
