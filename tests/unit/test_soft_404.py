import pytest

from newsarchive.extractors.soft_404 import MAX_ERROR_CHARS, is_soft_404


@pytest.mark.parametrize(
    "title",
    [
        "Page not found",
        "Error 404 - Brindle Harbour Courier",
        "Sorry, we could not find that page",
        "Oops! That page can’t be found.",
        "Seite nicht gefunden | Brindelhafener Bote",
        "Página no encontrada",
        "Страница не найдена",
        "ページが見つかりません",
        "Courier: 404",
    ],
)
def test_a_title_that_says_not_found_is_an_error_page(title):
    assert is_soft_404([title], body_chars=200)


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: the story of the web's most famous error",
        "Missing girl not found after third night",
        "Highway 404 to close for repairs",
        "Nothing found in search of the harbour basin",
    ],
)
def test_a_headline_with_the_words_in_it_is_no_error_page(title):
    assert not is_soft_404([title], body_chars=MAX_ERROR_CHARS + 1)


def test_headlines_that_only_contain_the_words_are_kept_even_when_short():
    assert not is_soft_404(["Highway 404 to close for repairs", "Missing girl not found after third night"], body_chars=100)


def test_a_long_text_is_never_an_error_page():
    assert not is_soft_404(["Page not found"], body_chars=MAX_ERROR_CHARS + 1)
