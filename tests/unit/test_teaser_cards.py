"""How a card is read: headline, category, date, credit, excerpt and picture, in markup of every make."""

from datetime import UTC, datetime

import pytest

from newsarchive.extractors.teaser_credit import is_credit
from newsarchive.extractors.teaser_dates import without_year
from newsarchive.extractors.teasers import find_teasers
from newsarchive.pages.read import read_page

URL = "https://www.paper.example/2024/03/05/mayor-opens-new-bridge/"
LINK = "/2024/03/04/ferry-returns-to-town/"
TEXT = "The mayor opened the new bridge on Tuesday, and the town crossed it twice, once in each direction, to be quite sure that it works."


def teaser(card, *, language="en"):
    html = (
        f"<html lang='{language}'><head><title>Mayor opens new bridge</title></head><body><h1>Mayor opens new bridge</h1>"
        f"<div><p>{TEXT}</p><p>{TEXT[::-1]}</p></div><section><h2>Related</h2><div>{card.format(link=LINK)}</div></section></body></html>"
    )
    (found,) = find_teasers(read_page(html, URL)).teasers
    return found


def shown(found):
    return found.title, found.category, found.date_published, found.credit, found.excerpt


FULL = ("Ferry returns to the town", "Harbour", "2024-03-04", "Ann Lee/Reuters", "The old boat was repaired over the winter.")


EXCERPT = "The old boat was repaired over the winter."
CARDS = {
    "one big link of blocks": (
        "<a href='{link}'><div>Harbour</div><div>Ferry returns to the town</div><div><span>Ann Lee/Reuters</span> {excerpt}</div>"
        "<div>Published on March 4, 2024</div><div>Continue Reading</div></a>"
    ),
    "one big link of spans": (
        "<a href='{link}'><span>Harbour</span><span>Ferry returns to the town</span><span>Ann Lee/Reuters {excerpt}</span>"
        "<span>Mar 4, 2024</span></a>"
    ),
    "classes": (
        "<span class='kicker'>Harbour</span><h3><a href='{link}'>Ferry returns to the town</a></h3><p>{excerpt}</p>"
        "<small>Ann Lee/Reuters</small><time datetime='2024-03-04'>yesterday</time>"
    ),
    "lines": (
        "<p>Harbour<br><a href='{link}'><b>Ferry returns to the town</b></a><br><i>Ann Lee/Reuters</i> {excerpt}<br>4 March 2024<br>"
        "<a href='{link}'>Read more</a></p>"
    ),
    "kicker in the heading": (
        "<h4><a href='{link}'><span class='kicker'>Harbour</span> Ferry returns to the town</a></h4><p>{excerpt}</p>"
        "<p>March 4, 2024</p><p class='credit'>Ann Lee/Reuters</p>"
    ),
    "overlay": (
        "<a class='overlay' href='{link}'></a><p>Harbour</p><h3>Ferry returns to the town</h3><p>Ann Lee/Reuters</p><p>{excerpt}</p>"
        "<p>March 4, 2024</p>"
    ),
}


@pytest.mark.parametrize("make", CARDS)
def test_a_card_is_read_whatever_it_is_made_of(make):
    assert shown(teaser(CARDS[make].replace("{excerpt}", EXCERPT))) == FULL


@pytest.mark.parametrize(
    ("text", "credit", "excerpt"),
    [
        ("Matt Oak/Getty Images for Harbourfest Once it was a barge.", "Matt Oak/Getty Images for Harbourfest", "Once it was a barge."),
        ("Your Evening/YouTube An old captain tells all he knows.", "Your Evening/YouTube", "An old captain tells all he knows."),
        ("Jane Roe/Tidewater Pictures The boat is back again.", "Jane Roe/Tidewater Pictures", "The boat is back again."),
        ("The boat is back again. (Photo: Jane Roe)", "Photo: Jane Roe", "The boat is back again."),
        ("Either/or is a question that sailors never ask.", None, "Either/or is a question that sailors never ask."),
        ("The Dover/Calais line carries fewer cars than before.", None, "The Dover/Calais line carries fewer cars than before."),
    ],
)
def test_a_credit_is_split_from_the_excerpt_it_runs_into(text, credit, excerpt):
    found = teaser(f"<h3><a href='{{link}}'>Ferry returns to the town</a></h3><p>{text}</p>")
    assert (found.credit, found.excerpt) == (credit, excerpt)


@pytest.mark.parametrize(
    "text", ["Foto: Anna Berg", "© Reuters", "Getty Images", "Jan Kowalski/PAP", "(Image credit: NASA)", "Bildrechte: MDR/Jo Ernst"]
)
def test_credits_are_known_by_label_agency_or_slash(text):
    assert is_credit(text)


@pytest.mark.parametrize(
    "text", ["Harbour", "The ferry returns to the town after years.", "News/Opinion is a section we no longer have here today."]
)
def test_other_short_texts_are_no_credits(text):
    assert not is_credit(text)


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        ("<img src='/blank.gif' data-src='/lazy.jpg'>", "/lazy.jpg"),
        ("<img src='data:image/gif;base64,R0' data-lazy-src='/lazy.jpg'>", "/lazy.jpg"),
        ("<img srcset='/small.jpg 320w, /large.jpg 1024w'>", "/small.jpg"),
        ("<picture><source srcset='/wide.webp 1x'><img src='/plain.jpg'></picture>", "/plain.jpg"),
        ("<picture><source srcset='/wide.webp 1x'><img src='data:,'></picture>", "/wide.webp"),
        ("<div style=\"background-image: url('/css.jpg')\"></div>", "/css.jpg"),
        ("<div data-bg='/bg.jpg'></div>", "/bg.jpg"),
        ("<span class=thumb-css data-type=css_image data-img-url='/theme.jpg'></span>", "/theme.jpg"),
        ("<img src='/spacer.gif'><noscript><img src='/real.jpg'></noscript>", "/real.jpg"),
        ("<amp-img src='/amp.jpg' width='3' height='2'></amp-img>", "/amp.jpg"),
        ("<img src='data:image/png;base64,AAAA'>", None),
        ("<img src='/grey.gif' data-src='{\"default\": \"//www.paper.example/json.jpg?w=9\"}'>", "/json.jpg?w=9"),
        ("<img src='/square/1x1-256/ferry.jpg'>", "/square/1x1-256/ferry.jpg"),
        ("<img src='/static/1x1.gif'>", None),
        ("<img class='avatar' src='/authors/avatar-7.jpg'>", None),
    ],
)
def test_the_picture_is_found_behind_lazy_markup(markup, image):
    found = teaser(f"<a href='{{link}}'>{markup.replace('{', '{{').replace('}', '}}')}<h3>Ferry returns to the town</h3></a>")
    assert found.image_url == (f"https://www.paper.example{image}" if image else None)


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("de", "4. März 2024"),
        ("fr", "4 mars 2024"),
        ("es", "4 de marzo de 2024"),
        ("pl", "4 marca 2024"),
        ("ru", "4 марта 2024"),
        ("ja", "2024年3月4日"),
    ],
)
def test_dates_are_read_in_the_language_of_the_page(language, date):
    found = teaser(f"<h3><a href='{{link}}'>Ferry returns to the town</a></h3><p>{date}</p>", language=language)
    assert (found.date_published, found.date_published_raw) == ("2024-03-04", date)


def test_table_rows_of_one_field_each_make_one_card():
    rows = (
        "<table><tr><td>Harbour</td></tr><tr><td><a href='{link}'>Ferry returns to the town</a></td></tr><tr><td>The old boat was "
        "repaired over the winter.</td></tr><tr><td>March 4, 2024</td></tr><tr><td><a href='{link}'>Read more</a></td></tr></table>"
    )
    assert shown(teaser(rows)) == ("Ferry returns to the town", "Harbour", "2024-03-04", None, "The old boat was repaired over the winter.")


@pytest.mark.parametrize(("shown_date", "date"), [("3/4 06:01", "2024-03-04T06:01"), ("12月30日", "2023-12-30")])
def test_a_date_without_a_year_is_the_last_such_day_before_the_fetch(shown_date, date):
    html = (
        f"<html lang='ja'><head><title>橋が開通</title></head><body><h1>橋が開通</h1><div><p>{TEXT}</p><p>{TEXT[::-1]}</p></div>"
        f"<section><h2>関連記事</h2><div><h3><a href='{LINK}'>渡し船が町に戻ってきた</a></h3><p class='date'>{shown_date}</p></div>"
        "</section></body></html>"
    )
    document = read_page(html, URL)
    (raw,) = find_teasers(document).teasers
    assert (raw.date_published, raw.date_published_raw) == (None, shown_date)
    (resolved,) = find_teasers(document, fetched_at=datetime(2024, 3, 5, 12, tzinfo=UTC)).teasers
    assert resolved.date_published == date


@pytest.mark.parametrize(
    ("card", "want"),
    [
        ("<a class='k' href='{link}'><h3>Harbour</h3><h4>Ferry returns to the town</h4></a>", ("Ferry returns to the town", "Harbour")),
        (
            "<a href='{link}'><span class='k'>Harbour: </span><span>Ferry returns to the old town</span></a>",
            ("Ferry returns to the old town", "Harbour"),
        ),
        (
            "<a href='{link}'><span class='label'>Premium</span> <span class='label'>Harbour</span> <b>Ferry returns to the town</b></a>",
            ("Ferry returns to the town", "Harbour"),
        ),
        ("<h3><a href='{link}'>Ferry returns to the town »</a></h3>", ("Ferry returns to the town", None)),
        (
            "<div class='rubric__name'>Harbour</div><h3><a href='{link}'>Ferry returns to the town</a></h3>",
            ("Ferry returns to the town", "Harbour"),
        ),
    ],
)
def test_kickers_flags_and_arrows_are_no_headline(card, want):
    found = teaser(card)
    assert (found.title, found.category) == want


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("Oct 6", "en", "2024-10-06"),
        ("Dec 24", "en", "2023-12-24"),
        ("24. Februar", "de", "2024-02-24"),
        ("6 oct 14:30", "fr", "2024-10-06T14:30"),
    ],
)
def test_a_day_without_a_year_is_the_last_such_day_before_the_fetch(text, language, date):
    assert without_year(text, datetime(2024, 11, 5, tzinfo=UTC), language) == date


def test_a_day_without_a_year_in_a_line_of_its_own_is_a_date_whatever_its_element_is_called():
    html = (
        f"<html lang='ja'><head><title>橋が開通</title></head><body><h1>橋が開通</h1><div><p>{TEXT}</p><p>{TEXT[::-1]}</p></div>"
        f"<section><h2>関連記事</h2><div><h3><a href='{LINK}'>渡し船が町に戻ってきた</a></h3><p class='info-txt'>3月4日</p></div>"
        "</section></body></html>"
    )
    (teaser_found,) = find_teasers(read_page(html, URL), fetched_at=datetime(2024, 3, 5, 12, tzinfo=UTC)).teasers
    assert teaser_found.date_published == "2024-03-04"


def test_a_bold_kicker_in_capitals_at_the_start_of_the_excerpt_is_the_category():
    found = teaser(
        "<h3><a href='{link}'>Ferry returns to the town</a></h3><p><strong>ANALYSIS -</strong> The old boat was repaired in winter.</p>"
    )
    assert (found.category, found.excerpt) == ("ANALYSIS", "The old boat was repaired in winter.")


def test_words_for_screen_readers_before_a_section_are_no_part_of_it():
    found = teaser("<h3><a href='{link}'>Ferry returns to the town</a></h3><p class='tag'><span>Posted in:</span> <span>Harbour</span></p>")
    assert found.category == "Harbour"


def test_words_and_numbers_that_are_no_day_have_no_date():
    assert without_year("Top 10", datetime(2024, 11, 5, tzinfo=UTC), "en") is None
    assert without_year("Feb 30", datetime(2024, 11, 5, tzinfo=UTC), "en") is None


def test_a_date_of_numbers_alone_is_a_date_and_no_counter():
    place = "<div class='place'><span class='day'>29.04.2024</span><span>Mittelberg</span></div>"
    found = teaser(place + "<h3><a href='{link}'>Ferry returns to the town</a></h3><p class='count'>128</p>")
    assert (found.date_published, found.date_published_raw) == ("2024-04-29", "29.04.2024")


def test_a_short_line_that_ends_with_a_date_gives_it():
    found = teaser("<h3><a href='{link}'>Ferry returns to the town</a></h3><div>Local News I May 14, 2025</div>")
    assert found.date_published == "2025-05-14"
