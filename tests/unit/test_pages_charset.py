import pytest

from newsarchive.pages.charset import codec_for, decode


def test_a_byte_order_mark_wins_over_header_and_meta():
    data = b'\xef\xbb\xbf<meta charset="windows-1251"><p>\xc3\xa9'
    assert decode(data, "text/html; charset=koi8-r").text.endswith("é")


def test_utf16_is_read_by_its_mark():
    assert decode(b"\xff\xfe" + "<p>naïve".encode("utf-16-le")).text == "<p>naïve"


def test_the_header_wins_over_meta():
    data = '<meta charset="utf-8"><p>Привет'.encode("windows-1251")
    decoded = decode(data, "text/html; charset=Windows-1251")
    assert decoded.text.endswith("Привет")
    assert decoded.source == "header"


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("gb2312", "新闻"),
        ("shift_jis", "新聞"),
        ("euc-kr", "뉴스"),
        ("big5", "新聞"),
        ("iso-8859-2", "łódź"),
        ("koi8-r", "новость"),
        ("windows-1256", "أخبار"),
    ],
)
def test_meta_labels_of_the_web_are_read(label, word):
    codec = codec_for(label)
    data = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}">'.encode() + f"<p>{word}".encode(codec)
    assert decode(data).text.endswith(word)


def test_without_a_label_valid_utf8_is_utf8_and_the_rest_windows_1252():
    assert decode("<p>café".encode()).encoding == "utf-8"
    assert decode(b"<p>caf\xe9 \x93quoted\x94").text == "<p>café “quoted”"


@pytest.mark.parametrize("label", ["zlib_codec", "utf-7", "unicode_escape", "rot13", "base64", "hex", "idna", "no-such"])
def test_labels_outside_the_table_are_ignored(label):
    assert codec_for(label) is None
    assert decode(f'<meta charset="{label}"><p>plain'.encode()).text.endswith("plain")


def test_valid_utf8_overrules_a_stale_meta_and_says_so():
    decoded = decode('<meta charset="iso-8859-1"><p>Größe'.encode())
    assert decoded.text.endswith("Größe")
    assert decoded.flags == ["charset_overruled"]


def test_a_page_cut_inside_a_character_is_still_utf8():
    assert decode("<p>naïveté".encode()[:-1]).text == "<p>naïvet"


def test_text_decoded_twice_is_flagged():
    twice = "<p>" + "Übergrößen für Köln. ".encode().decode("cp1252") * 5
    assert "mojibake" in decode(twice.encode()).flags
    assert decode("<p>São Paulo e Ânimo, Ãs vezes.".encode()).flags == []


def test_undecodable_bytes_are_replaced_and_flagged():
    decoded = decode(b"<p>a\xff\xfeb", "text/html; charset=utf-8")
    assert "undecodable_bytes" in decoded.flags
