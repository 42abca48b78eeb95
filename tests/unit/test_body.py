# ruff: noqa: E501 - sentences and pages read better unbroken
import pytest

from newsarchive.extractors.api import explain, extract
from newsarchive.extractors.body import Labels, assemble, choose_blocks, together, uncertainty
from newsarchive.extractors.boilerplate import is_credit_line, is_promo_line, line_rule
from newsarchive.extractors.tails import tail_rule
from newsarchive.pages.read import read_page

PARAGRAPHS = [
    "The harbour council met on Tuesday evening to decide, after nine years of argument, what to do with the old grain silo on the north quay.",
    "Forty people spoke. Most of them, among them three former mayors, asked for the building to be kept, though none could say who would pay for it.",
    "“We have looked at every figure twice,” said the treasurer, Ilse Marten, “and the roof alone costs more than the library's budget for a decade.”",
    "The vote was put off until spring. Until then a fence will be built, the tower's lamp will be lit again, and the jackdaws will be left in peace.",
    "A second hearing is planned for March, when the engineers' report, which was promised for last autumn, should at last be on the table.",
]
MENU = "<nav><ul><li><a href='/a'>Town</a></li><li><a href='/b'>Harbour</a></li><li><a href='/c'>Sport</a></li></ul></nav>"
FOOTER = "<footer><p>© 2024 The Quay Lantern. All rights reserved.</p><a href='/privacy'>Privacy Policy</a></footer>"


def page(middle, head=""):
    return (
        f"<html lang='en'><head><title>Council puts off silo vote | The Quay Lantern</title>{head}</head><body><header><a href='/'>The Quay Lantern</a>{MENU}</header>"
        f"<main><h1>Council puts off silo vote</h1><div class='content'>{middle}</div></main>{FOOTER}</body></html>"
    )


def body(middle, head=""):
    return explain(page(middle, head), "https://lantern.example/2024/03/council-puts-off-silo-vote").article.body_blocks


def plain():
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def test_the_paragraphs_are_the_body_and_nothing_else():
    assert [block.text for block in body(plain())] == PARAGRAPHS


@pytest.mark.parametrize(
    "label",
    [
        "Ad Placeholder 300 x 300",
        "ADVERTISEMENT",
        "Article continues below",
        "Anzeige",
        "Publicidad",
        "広告",
        "Story continues below advertisement",
    ],
)
def test_ad_labels_between_paragraphs_are_dropped_with_their_rule(label):
    middle = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{label}</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[2:])
    extraction = explain(page(middle), "https://lantern.example/2024/03/council-puts-off-silo-vote")
    assert [block.text for block in extraction.article.body_blocks] == PARAGRAPHS
    assert any(item.snippet == label and item.rule.startswith("ad-") for item in extraction.dropped)


def test_headings_keep_their_place_and_one_over_nothing_is_dropped():
    middle = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><h2>What the treasurer said</h2><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p><p>{PARAGRAPHS[4]}</p>"
    found = [(block.kind, block.text) for block in body(middle)]
    assert found[2] == ("heading", "What the treasurer said")
    assert found[-1] == ("paragraph", PARAGRAPHS[4])


def test_two_breaks_make_paragraphs_in_a_table_layout():
    middle = "<table><tr><td>" + "<br><br>".join(PARAGRAPHS) + "</td></tr></table>"
    assert [block.text for block in body(middle)] == PARAGRAPHS
    assert {block.kind for block in body(middle)} == {"paragraph"}


def test_a_version_for_phones_is_not_taken_twice():
    middle = f"<div>{plain()}</div><div class='mobile' style='display:none'>{plain()}</div>"
    assert [block.text for block in body(middle)] == PARAGRAPHS


def test_blocks_that_the_site_repeats_are_no_body():
    note = "The Quay Lantern is funded by its readers, who meet every month in the reading room above the chandler's shop, and by nobody else at all."
    middle = plain() + f"<p>{note}</p>"
    extraction = explain(page(middle), "https://lantern.example/2024/03/council-puts-off-silo-vote", site_blocks={note})
    assert note not in extraction.article.body
    again = explain(page(middle), "https://lantern.example/2024/03/council-puts-off-silo-vote", site_blocks={note})
    assert again.as_record() == extraction.as_record()


def test_a_page_drawn_by_javascript_gives_the_body_of_its_data():
    stated = "\\n".join(PARAGRAPHS)
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Council puts off silo vote", "articleBody": "{stated}"}}</script>'
    extraction = explain(
        f"<html><head><title>x</title>{head}</head><body><div id='root'></div></body></html>", "https://lantern.example/2024/03/a-b-c-d"
    )
    assert [block.text for block in extraction.article.body_blocks] == PARAGRAPHS
    assert extraction.rules["body"] == "jsonld-body"
    assert "body_from_data" in extraction.flags


def test_markup_inside_a_script_string_gives_the_body():
    html = "".join(f'\\u003cp class=\\"t\\"\\u003e{text}\\u003c/p\\u003e' for text in PARAGRAPHS).replace("“", "'").replace("”", "'")
    extraction = explain(f'<html><body><script>self.push([1,"{html}"])</script></body></html>', "https://lantern.example/2024/03/a-b-c-d")
    assert [block.text[:30] for block in extraction.article.body_blocks] == [text[:30].replace("“", "'") for text in PARAGRAPHS]


def test_extraction_is_repeatable():
    html, url = page(plain()), "https://lantern.example/2024/03/council-puts-off-silo-vote"
    assert extract(html, url).as_record() == extract(html, url).as_record()


TAILS = [
    ("biography", "Ilse Marten is a freelance writer who lives above the chandler's shop and covers harbours, fences and jackdaws."),
    ("biography", "Reporting by Ilse Marten; editing by Joop Haas"),
    (
        "call-to-readers",
        "If you enjoyed this story, tell a friend about the Lantern, which has been printed by hand on the quay since 1911.",
    ),
    ("call-to-readers", "Hat Ihnen dieser Artikel gefallen? Dann erzählen Sie einer Freundin davon, die gern am Hafen spazieren geht."),
    (
        "notice",
        "The views expressed by the authors of this page are their own and need not be those of the harbour council or of the Lantern.",
    ),
    ("notice", "This article was first published in the spring number of the Harbour Almanac, and is shown here with its permission."),
]


@pytest.mark.parametrize(("rule", "line"), TAILS)
def test_what_stands_after_the_article_is_cut_off_its_end_with_its_rule(rule, line):
    assert tail_rule(line) == rule
    extraction = explain(page(f"{plain()}<p>{line}</p>"), "https://lantern.example/2024/03/council-puts-off-silo-vote")
    assert [block.text for block in extraction.article.body_blocks] == PARAGRAPHS


def test_the_same_line_inside_the_article_stays():
    line = TAILS[0][1]
    middle = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{line}</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[2:])
    assert line in [block.text for block in body(middle)]


@pytest.mark.parametrize(
    "line",
    [
        "This story is far from over, the treasurer said, and went home to feed the jackdaws.",
        "The silo is a monument, and the council knows it.",
        "Support for the fence has grown since autumn.",
        "“Join the queue,” she said.",
    ],
)
def test_last_sentences_of_articles_are_no_tails(line):
    assert tail_rule(line) is None


def test_text_that_the_template_was_delivered_with_is_dropped():
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua."
    about = "Lorem ipsum, the printers' filler, hung in the silo's window for a year before anybody read it, and then everybody did."
    assert [block.text for block in body(f"{plain()}<p>{filler}</p><p>{about}</p>")] == [*PARAGRAPHS, about]


def test_a_long_line_that_comes_again_among_its_siblings_is_kept_again():
    line = "One cup of barley, two carrots, a spoon of butter and the broth of the day before."
    days = [f"{day}: {text}" for day, text in zip(("Monday", "Tuesday", "Friday"), PARAGRAPHS, strict=False)]
    found = [block.text for block in body("".join(f"<p>{day}</p><p>{line}</p>" for day in days))]
    assert found == [text for day in days for text in (day, line)]


def test_what_the_model_leaves_out_between_paragraphs_is_named():
    box = "<div class='newsletter-signup'><h3>Letters from the quay</h3><p>Every Friday in your inbox, free of charge.</p></div>"
    middle = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>{box}" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[2:])
    extraction = explain(page(middle), "https://lantern.example/2024/03/council-puts-off-silo-vote")
    assert [block.text for block in extraction.article.body_blocks] == PARAGRAPHS
    assert {item.rule for item in extraction.dropped if item.snippet == "Letters from the quay"} == {"block-model:promo"}


def test_choose_blocks_keeps_a_long_text_once_and_follows_the_page():
    long = "x" * 100
    assert choose_blocks([long, long, "a", "a"], [0.9, 0.95, 0.9, 0.9]) == [0, 2, 3]
    assert choose_blocks([long, "y" * 100, "z"], [0.9, 0.8, 0.4]) == [0, 1]
    assert choose_blocks(["a"], [0.1]) == []


def test_uncertainty_is_nought_for_sure_labels():
    assert uncertainty(["aaaa", "bb"], [1.0, 0.0]) == 0
    assert uncertainty(["aaaa"], [0.5]) == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Advertisement", "ad-label"),
        ("Ad 300x250", "ad-label"),
        ("- REKLAMA -", "ad-label"),
        ("Continue Reading →", "continue-reading"),
        ("Weiterlesen", "continue-reading"),
        ("続きを読む", "continue-reading"),
        ("Share this article on Facebook", "share-bar"),
        ("© 2019 Somebody Ltd. All rights reserved.", "copyright"),
        ("Sign up for our daily newsletter", "newsletter"),
        ("We use cookies to make this site better.", "consent"),
        ("Skip to content", "skip-link"),
    ],
)
def test_lines_that_are_never_text_have_a_rule(text, rule):
    assert line_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "The company's ad cost a million.",
        "More than a thousand came.",
        "Copyright law is old.",
        "He shared the prize.",
        "The advertisement was false.",
        "Print is dead.",
    ],
)
def test_prose_has_no_rule(text):
    assert line_rule(text) is None


def test_promo_lines_need_a_link_or_nothing_else():
    assert is_promo_line("Read also: Three storms in a week", 0.8)
    assert not is_promo_line("Read also what the minister wrote in his diary that evening, as he was leaving.", 0.0)
    assert is_credit_line("Photo: Ada Quist / The Quay Lantern")
    assert not is_credit_line("Photo albums were found in the attic.")


def test_the_cells_of_a_small_table_are_rows():
    rows = [("Item", "Cost"), ("Roof", "240,000"), ("Lamp", "3,100"), ("Fence", "9,750")]
    table = "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
    document = read_page(page(f"<p>{PARAGRAPHS[0]}</p>{table}<p>{PARAGRAPHS[1]}</p>"), "https://lantern.example/a")
    kept = [block.index for block in document.blocks if block.tag in ("p", "td") and not block.text.startswith("©")]
    found = assemble(document, Labels([1.0] * len(document.blocks), "block-model", kept), (), title=None).blocks
    assert [(block.kind, block.text) for block in found[1:-1]] == [("table_row", f"{a} | {b}") for a, b in rows]


def test_a_list_is_body_or_not_as_a_whole():
    document = read_page("<ul><li>one<li>two<li>six</ul><p>after</p>", "https://lantern.example/a")
    assert together(document.blocks, [0.9, 0.3, 0.6, 0.2]) == pytest.approx([0.6, 0.6, 0.6, 0.2])


def test_ornaments_are_no_paragraphs():
    middle = f"<p>{PARAGRAPHS[0]}</p><p>* * *</p><p>{PARAGRAPHS[1]}</p><p>•</p><p>{PARAGRAPHS[2]}</p>"
    assert [block.text for block in body(middle)] == PARAGRAPHS[:3]


def test_a_menu_set_as_one_line_is_dropped():
    menu = "".join(f"<a href='/{name}'>{name}</a> | " for name in ("Harbour", "Letters", "Tides"))
    middle = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{menu}Sport</p><p>{PARAGRAPHS[2]}</p>"
    assert [block.text for block in body(middle)] == PARAGRAPHS[:3]
