import re

import pytest

from newsarchive.pages.read import read_page
from newsarchive.pages.tree import parse
from newsarchive.text import AnyCase, clean, fold, shorten


def blocks(html):
    return read_page(f"<html><body>{html}</body></html>", "https://example.com/a").blocks


def texts(html):
    return [block.text for block in blocks(html)]


def test_inline_elements_join_without_a_space():
    assert texts("<p>un<b>believ</b>able <i>x</i>y</p>") == ["unbelievable xy"]
    assert texts("<p>東京<b>都</b>は<a href='/x'>日本</a>の首都</p>") == ["東京都は日本の首都"]


def test_ruby_reads_as_its_base():
    assert texts("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>です</p>") == ["漢字です"]


def test_a_source_line_break_between_wide_characters_is_no_space():
    assert texts("<p>長い\n  文章</p>") == ["長い文章"]
    assert texts("<p>long\n  text</p>") == ["long text"]


def test_soft_hyphens_zero_width_spaces_and_nbsp():
    assert texts("<p>Do&shy;nau&#8203;dampf\u2060schiff&nbsp;&nbsp;fährt&#xfeff;</p>") == ["Donaudampfschiff fährt"]


def test_text_is_composed():
    assert texts("<p>Cafe\u0301 e<b>\u0301</b></p>") == ["Café é"]


def test_one_break_is_a_space_and_two_end_the_block():
    assert texts("<p>one<br>two<br><br>three<br/> <br/>four</p>") == ["one two", "three", "four"]


def test_word_break_opportunities_are_no_space():
    assert texts("<p>Donau<wbr>dampf</p>") == ["Donaudampf"]


def test_table_cells_and_list_items_are_blocks():
    found = blocks("<table><tr><td>a</td><td>b</td></tr></table><ul><li>c<li>d<p>e</ul>")
    assert [(block.text, block.kind) for block in found] == [
        ("a", "paragraph"), ("b", "paragraph"), ("c", "list_item"), ("d", "list_item"), ("e", "list_item"),
    ]  # fmt: skip


def test_kinds_follow_the_tags():
    found = blocks("<h2>h</h2><blockquote><p>q</p></blockquote><figure><figcaption>c</figcaption></figure><pre>x</pre><p>p</p>")
    assert [block.kind for block in found] == ["heading", "quote", "caption", "preformatted", "paragraph"]


def test_scripts_styles_and_forms_fields_are_no_text():
    assert texts(
        "<p>a</p><script>b</script><style>c</style><noscript>d</noscript><button>e</button><svg><text>f</text></svg><template>g</template>"
    ) == ["a"]


def test_links_know_their_place_in_the_block():
    (block,) = blocks('<p>See  <a href="/x">the <b>paper</b></a> and <a href="/y">more</a>.</p>')
    assert [(link.text, link.href, block.text[link.start : link.end]) for link in block.links] == [
        ("the paper", "/x", "the paper"),
        ("more", "/y", "more"),
    ]
    assert block.link_chars == len("the papermore")


def test_a_link_round_blocks_is_in_each_of_them():
    found = blocks('<a href="/x"><h3>Title</h3><p>Text</p></a><p>after</p>')
    assert [[link.href for link in block.links] for block in found] == [["/x"], ["/x"], []]


def test_hidden_text_is_kept_and_marked():
    found = blocks('<div style="display: none"><p>a</p></div><p hidden>b</p><p>c</p>')
    assert [block.hidden for block in found] == [True, True, False]


def test_containers_hold_their_blocks():
    layout = read_page("<body><div><p>a<p>b</div><div><p>c</div></body>", "https://example.com/a").layout
    spans = {(c.element.tag, c.first, c.last) for c in layout.containers}
    assert {("body", 0, 3), ("div", 0, 2), ("div", 2, 3)} <= spans
    assert all(layout.containers[c.parent].first <= c.first for c in layout.containers if c.parent >= 0)


def test_elements_stand_in_pre_order_with_their_subtrees():
    tree = read_page("<body><div><p>a</p><p>b</p></div><p>c</p></body>", "https://example.com/a").tree
    div = tree.by_tag("div")[0]
    assert [element.tag for element in tree.elements[div.index : div.end]] == ["div", "p", "p"]
    assert div.text == "a b"
    assert [p.text for p in tree.below(div, "p")] == ["a", "b"]


def test_fold_clean_and_shorten():
    assert fold(" a\u00a0\u2003b\tc\x00 ") == "a b c"
    assert clean("a\x01b\ufdd0\ud800c") == "abc"
    assert fold("می\u200cخواهم") == "می\u200cخواهم"
    assert shorten("one two three four", 12) == "one two…"


WORDS = AnyCase(r"updat|yayın|\breviewed\b|опубликован|\d{4}")


@pytest.mark.parametrize(
    "text", ["UPDATED May 3", "yayin", "YAYIN", "Yayın tarihi", "ОПУБЛИКОВАНО", "was Reviewed by", "in ٢٠٢٤", "preview", ""]
)
def test_words_in_any_case_are_found_as_by_a_pattern_that_ignores_case(text):
    assert WORDS.search(text) == bool(re.search(r"updat|yayın|\breviewed\b|опубликован|\d{4}", text, re.IGNORECASE))


def test_tags_that_the_standard_does_not_know_keep_their_names_from_page_to_page():
    for name in ("harbour-card", "tide-table", "harbour-card"):
        tree = parse(f"<p>a</p><!-- b --><{name} hidden><b>c</b></{name}><math><mi>x</mi></math><p>d</p>")
        tags = [element.tag for element in tree.body.children]
        assert tags == ["p", name, "math", "p"]
        assert [element.hidden for element in tree.elements if element.tag in (name, "b", "mi")] == [True, True, False]
        assert [element.depth for element in tree.elements if element.tag in ("html", "body", name, "b")] == [0, 1, 2, 3]
