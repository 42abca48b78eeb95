import pytest

from newsarchive.extractors import hints
from newsarchive.extractors.hints import HINT_NAMES, hint_masks
from newsarchive.extractors.word_index import WordIndex
from newsarchive.pages.read import read_page

WORDS = ("ferry", "fer", "quay", "on-quay", " i'm ", "sign up")


@pytest.mark.parametrize(
    "text",
    ["", "fe", "the ferry lies on-quay", "ferryferry fer", "I said i'm at the quay, and i'm — “still” — there: sign up", "é\U0001f6a2quay"],
)
def test_an_index_counts_words_as_a_search_for_each_does(text):
    index = WordIndex((word, number) for number, word in enumerate(WORDS))
    assert index.counts(text, len(WORDS)) == [text.count(word) for word in WORDS]
    assert all(text.startswith(WORDS[number], place) for place, number in index.places(text))


def test_words_that_share_a_space_are_both_counted():
    assert WordIndex([(" i ", 0)]).counts(" i i ", 1) == [2]


def test_a_word_too_short_for_an_index_is_refused():
    with pytest.raises(AssertionError):
        WordIndex([("ad", 0)])


NAMES = ["story-body", "ad", "x-ad", "Sponsored box", "upload", "", "related", "é ad-slot", "site nav", "article", "a" * 160 + " nav"]


def named(mask):
    return {name for bit, name in enumerate(HINT_NAMES) if mask >> bit & 1}


def test_what_class_names_hint_at_does_not_depend_on_the_names_of_other_elements(monkeypatch):
    page = "".join(f"<div class='{name}'>x</div>" for name in NAMES).encode()
    elements = read_page(page, "https://lantern.example/").tree.by_tag("div")
    monkeypatch.setattr(hints, "_known", {"": 0})
    together = hint_masks(elements)
    alone = []
    for element in elements:
        monkeypatch.setattr(hints, "_known", {"": 0})
        alone += hint_masks([element])
    assert together == alone == hint_masks(elements)
    found = dict(zip(NAMES, map(named, together), strict=True))
    assert "ad" in found["ad"] & found["x-ad"] & found["Sponsored box"] & found["é ad-slot"]
    assert "ad" not in found["upload"] | found["related"] | found["story-body"]
    assert "nav" in found["site nav"]
    assert found["a" * 160 + " nav"] == set()


def test_names_are_forgotten_when_there_are_too_many(monkeypatch):
    elements = read_page(b"<div class=story-body>x</div><div class=nav>y</div>", "https://lantern.example/").tree.by_tag("div")
    monkeypatch.setattr(hints, "MAX_KNOWN", 1)
    before = hint_masks(elements)
    monkeypatch.setattr(hints, "_known", {"": 0, "a": 1})
    assert hint_masks(elements) == before
    assert set(hints._known) == {"", "story-body", "nav"}


def test_an_article_body_by_microdata_is_hinted_at():
    element = read_page(b"<div itemprop=articleBody>x</div>", "https://lantern.example/").tree.by_tag("div")[0]
    assert named(hint_masks([element])[0]) == {"itemprop_body"}
