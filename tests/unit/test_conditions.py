"""`--where` means the same, and is refused in the same words, wherever it is asked."""

from __future__ import annotations

import pytest
from export_samples import make_archive

from newsarchive.archive.forget import addresses_where
from newsarchive.archive.kept_pages import KeptPages, PageSelection
from newsarchive.archive.rereading import Selection, StoredTexts
from newsarchive.archive.store import Store
from newsarchive.errors import ConfigurationError


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return make_archive(tmp_path_factory.mktemp("conditions") / "a.db")


def forgotten(path, condition):
    with Store(path) as store:
        return len(addresses_where(store, condition))


def kept(path, condition):
    with KeptPages(path, PageSelection(condition=condition)) as pages:
        return len(pages)


def read_again(path, condition):
    with StoredTexts(path, Selection(condition=condition, every_version=True)) as texts:
        return len(list(texts.after(None)))


WAYS = pytest.mark.parametrize("way", [forgotten, kept, read_again])


@WAYS
def test_a_condition_chooses_articles(archive, way):
    assert way(archive, "0") == 0
    assert way(archive, "1") > 0


@WAYS
@pytest.mark.parametrize("condition", ["no_such_column = 1", "title LIKE", "1); DELETE FROM article; --", ""])
def test_a_condition_that_is_none_is_refused_in_the_same_words(archive, way, condition):
    with pytest.raises(ConfigurationError, match=r"^The condition .* cannot be read \(.*\); try one like: title LIKE '%ferry%'$"):
        way(archive, condition)
    assert forgotten(archive, "1") > 0
