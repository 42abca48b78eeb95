from newsarchive.text import amount


def test_one_is_singular_and_everything_else_plural():
    assert [amount(number, "article") for number in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]
    assert [amount(number, "address", "addresses") for number in (1, 3)] == ["1 address", "3 addresses"]
