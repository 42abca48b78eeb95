"""The guard: honest pages pass unchanged, hostile ones are repaired in linear time, and nothing else is ever raised."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.errors import UnreadablePage
from newsarchive.pages import guard as limits
from newsarchive.pages.guard import guard
from newsarchive.pages.read import read_page
from newsarchive.pages.tree import parse

HONEST = """<!DOCTYPE html><html lang="en"><head><title>A < B & "C"</title><script>if (a<b) { document.write("<div><div>"); }</script>
<style>a > b { content: "<p>" }</style></head><body class=plain data-x='a "b" c'><!-- <div> --><p>One<p>Two &#8217; &#x2019; &#150; &#9;
<ul><li>a<li>b</ul><img src="data:image/gif;base64,R0lGOD" alt="x>y"><a href=/x/y>z</a><br/><svg><path d="M0 0"/></svg>
<textarea><b></textarea><?php echo ?><![CDATA[ x ]]></body></html>"""


def depth_of(text: str) -> int:
    return max(element.depth for element in parse(text).elements)


def test_an_honest_page_comes_back_as_it_is():
    guarded = guard(HONEST)
    assert guarded.text is HONEST
    assert guarded.flags == []


def test_a_tag_with_a_quarter_million_attributes_costs_under_a_second_end_to_end():
    for value in ("", "=1", '="<b>"', "='x'"):
        page = "<html><body><p " + " ".join(f"a{i}{value}" for i in range(250_000)) + ">The harbour is open.</p></body></html>"
        started = time.process_time()
        document = read_page(page, "http://demo.example/")
        assert time.process_time() - started < 1
        assert "attributes_cut" in document.flags
        (paragraph,) = document.tree.by_tag("p")
        assert len(paragraph.attrs) == limits.MAX_ATTRIBUTES
        assert paragraph.text == "The harbour is open."


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<DIV>",
        "<span><div></span>",
        "<section></div>",
        "<table><tr><td>",
        "<x-y>",
        "<p><object>",
        "<path>",
        "<svg><foreignObject><g/>",
    ],
)
def test_nesting_a_hundred_thousand_deep_is_flattened_and_keeps_its_words(opening):
    page = "<html><body>" + opening * (100_000 // opening.count("<")) + "<p>The harbour is open.</p></body></html>"
    started = time.process_time()
    document = read_page(page, "http://demo.example/")
    assert time.process_time() - started < 5
    assert "depth_cut" in document.flags
    assert max(element.depth for element in document.tree.elements) < 5 * limits.MAX_DEPTH
    # The tree leaves drawings out.
    assert "svg" in opening or "The harbour is open." in document.tree.root.text


def test_closing_tags_of_flattened_elements_close_nothing_else():
    depth = limits.MAX_DEPTH + 100
    document = read_page("<div>" * depth + "x" + "</div>" * depth + "<p>after</p>", "http://demo.example/")
    (paragraph,) = document.tree.by_tag("p")
    assert paragraph.depth == 2


def test_formatting_elements_left_open_do_not_multiply():
    page = "<p>" + "".join(f"<b a={i}>" for i in range(500)) + "</p>" + "<p>x" * 2000
    guarded = guard(page)
    assert guarded.flags == ["formatting_cut"]
    assert len(parse(guarded.text).elements) < 2000 * (limits.MAX_OPEN_FORMATTING + 3)
    long = "<p>" + "".join(f"<b a={i}>" for i in range(500)) + "</p>" + "<p>x" * 100_000
    assert len(parse(guard(long).text).elements) < limits.MAX_REOPENED + 150_000


def test_unclosed_paragraphs_items_cells_and_anchors_are_no_depth():
    page = "<table>" + "<tr><td><a name=x>cell" * 3000 + "</table>" + "<p>text" * 3000 + "<ul>" + "<li>item" * 3000 + "</ul>"
    assert guard(page).flags == []


def test_shapes_of_a_drawing_close_themselves_there_and_nowhere_else():
    drawing = "<svg><g>" + '<path d="M0 0"/><circle r="1" />' * 1000 + "</g></svg>"
    assert guard(drawing * 2).flags == []
    for start in ("", "<svg></svg>", "<svg><div>", "<svg><foreignObject>"):
        assert guard(start + "<path/>" * 2000).flags == ["depth_cut"]


@pytest.mark.parametrize("page", ["<svg><style>" + "<g>" * 5000, "<svg><title><x-y>" + "<div>" * 5000, "<svg>" + "<td>" * 5000])
def test_nothing_hides_in_a_drawing(page):
    assert "depth_cut" in guard(page).flags
    assert depth_of(guard(page).text) < 2 * limits.MAX_DEPTH


def test_a_drawing_that_closes_itself_is_none():
    assert guard("<svg/>" + "<tr><td>cell" * 2000).flags == []


def test_too_many_tags_end_the_page():
    guarded = guard("<b>x</b>" * limits.MAX_TAGS)
    assert guarded.flags == ["tags_cut"]
    assert guarded.text.count("<") == limits.MAX_TAGS


def test_markup_inside_scripts_comments_and_values_does_not_count():
    inside = "<div>" * 2000
    for page in (
        f"<script>{inside}</script>",
        f"<SCRIPT type=x>{inside}</sCript >",
        f"<!-- {inside} -->",
        f"<textarea>{inside}</textarea>",
        f'<p title="{inside}">',
        f"<p title='{inside}'>",
        f"<title>{inside}</title>",
    ):
        assert guard(page).flags == []


@pytest.mark.parametrize(
    "hiding", ['<p a=b=">', '<p ="x>', "<p a='>\"'>", "<!-->", "<!--->", "</ >", "<!x>", "<script></script>", '<p a"b>', "<br/a='>'>"]
)
def test_nothing_hides_nesting_from_the_guard(hiding):
    page = hiding + "<div>" * 5000 + "x"
    guarded = guard(page)
    assert "depth_cut" in guarded.flags
    assert depth_of(guarded.text) < 2 * limits.MAX_DEPTH


def test_references_to_no_character_are_removed():
    bad = "&#0; &#1; &#x1F; &#31 &#x0000b; &#55296; &#xDFFF; &#xFFFE; &#65535; &#1114112; &#x110000; &#99999999; &#127;"
    guarded = guard(f"<p>a{bad}b</p>")
    assert guarded.flags == ["references_removed"]
    assert re.fullmatch(r"<p>a\s*b</p>", guarded.text)
    good = "<p>&#9;&#10;&#13;&#32;&#150;&#8217;&#x2019;&#128512;&#x1F600;&#1234567890x".replace("&#1234567890x", "")
    assert guard(good).text == good


def test_references_made_by_a_removal_are_removed_too():
    for page in ("<p>&#&#1;1;", "<p>&#&#&#1;1;1;", "<p>&#" * 50 + "1;" * 50):
        assert not limits._BAD_REFERENCE.search(guard(page).text)


def test_lone_surrogates_and_nul_are_replaced():
    guarded = guard("<p>a\ud800b\0c é</p>")
    assert (guarded.text, guarded.flags) == ("<p>a\ufffdb\ufffdc é</p>", ["characters_replaced"])


def test_long_data_addresses_are_shortened_and_short_ones_kept():
    page = '<img src="data:image/png;base64,' + "A" * 1_000_000 + '" alt="The harbour">'
    guarded = guard(page)
    assert (guarded.text, guarded.flags) == ('<img src="data:," alt="The harbour">', ["data_uri_cut"])


def test_a_text_beyond_the_limit_is_refused():
    with pytest.raises(UnreadablePage, match="characters"):
        guard("x" * (limits.MAX_CHARS + 1))


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a b='",
        '<a b="',
        "<!--",
        "<!-",
        "<script>",
        "<",
        "</",
        "<!",
        "<a =",
        "<a/",
        "=",
        "&#",
        "&#0",
        "<textarea",
        "<title>",
        "-->",
        "<p a=b ",
        "</div>",
    ],
)
def test_repetition_costs_linear_time(piece):
    page = "<p>" + piece * (2_000_000 // len(piece))
    started = time.process_time()
    guard(page)
    assert time.process_time() - started < 3


MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "<div>",
            "</div>",
            "<b>",
            "</b>",
            "<span a=1>",
            "</span>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<p ",
            "=",
            '"',
            "'",
            " ",
            "/",
            "&#",
            "1;",
            "x",
            "data:",
            "<title>",
            "</title>",
            "<table>",
            "</table>",
            "a=b ",
            "\ud800",
            "\0",
            "é",
            "<TD>",
            "--!>",
            "<?",
            "<a b='",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.one_of(MARKUP, st.text(max_size=300)))
def test_guarding_is_total_idempotent_and_never_longer(text):
    once = guard(text)
    assert len(once.text) <= len(text)
    again = guard(once.text)
    assert (again.text, again.flags) == (once.text, [])


@settings(max_examples=400, deadline=None)
@given(MARKUP, st.integers(1, 4))
def test_repairs_are_total_and_idempotent_too(text, factor):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MAX_DEPTH", factor)
        patch.setattr(limits, "MAX_ATTRIBUTES", factor)
        patch.setattr(limits, "MAX_OPEN_FORMATTING", factor)
        patch.setattr(limits, "MAX_TAGS", 10 * factor)
        once = guard(text)
        assert len(once.text) <= len(text)
        assert guard(once.text).text == once.text
