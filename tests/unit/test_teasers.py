"""What counts as a teaser, of which kind, and what does not."""

from datetime import UTC, datetime

import pytest
from teaser_samples import LIST, URL, card, found, page

from newsarchive.extractors.teaser_links import MAX_LINKS
from newsarchive.extractors.teasers import find_teasers
from newsarchive.pages.read import read_page


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Related stories", "related"),
        ("Story Timeline", "related"),
        ("이 기사와 관련된 기사", "related"),
        ("You may also like", "related"), ("Mehr zum Thema", "related"), ("Sur le même sujet", "related"),
        ("Te puede interesar", "related"), ("Leggi anche", "related"), ("Leia também", "related"), ("Lees ook", "related"),
        ("Czytaj także", "related"), ("Читайте также", "related"), ("関連記事", "related"), ("相关阅读", "related"),
        ("관련기사", "related"),
        ("İlgili haberler", "related"), ("Läs också", "related"),
        ("Baca juga", "related"), ("اقرأ أيضا", "related"), ("Xem thêm", "related"),
        ("Latest news", "list"), ("Most read", "list"), ("Meistgelesen", "list"), ("Les plus lus", "list"), ("Lo más leído", "list"),
        ("I più letti", "list"), ("Mais lidas", "list"), ("Самое читаемое", "list"), ("人気記事", "list"), ("热门文章", "list"),
        ("More in News", "list"), ("More in River Crossings", "related"), ("Windows 10", "list"),
    ],
)  # fmt: skip
def test_the_words_of_the_heading_decide_between_related_and_list(heading, kind):
    teasers = found(page(after=f"<section><h2>{heading}</h2><ul>{LIST}</ul></section>")).teasers
    assert [(teaser.kind, teaser.module) for teaser in teasers] == [(kind, heading)] * 2


def test_a_box_between_the_paragraphs_is_inline_whatever_its_heading_says():
    teasers = found(page(between=f"<div><h4>Related stories</h4><ul>{LIST}</ul></div>")).teasers
    assert [teaser.kind for teaser in teasers] == ["inline", "inline"]


@pytest.mark.parametrize(
    "label",
    ["Read also", "Lire aussi", "Mehr zum Thema", "Lee también", "Leggi anche", "Leia também", "Lees ook", "Czytaj także",
     "Читайте также", "関連記事", "Läs också", "Baca juga", "Đọc thêm", "اقرأ أيضا", "Διαβάστε επίσης", "यह भी पढ़ें"],
)  # fmt: skip
def test_a_promo_line_is_a_teaser_without_its_label(label):
    line = f"<p><strong>{label}: <a href='/2024/03/04/ferry-returns-to-town/'>Ferry returns to the town</a></strong></p>"
    teasers = found(page(between=line)).teasers
    assert [(teaser.title, teaser.kind, teaser.module) for teaser in teasers] == [("Ferry returns to the town", "inline", label)]


def test_links_in_running_text_are_no_teasers():
    link = "<a href='/2019/05/06/bridge-plans-drawn/'>a retired engineer found the maps</a>"
    assert found(page(between=f"<p>The plans were drawn in 2019, when {link} in a drawer.</p>")).teasers == []


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<nav><ul>{cards}</ul></nav>", "menu"),
        ("<div class='comments'><ul>{cards}</ul></div>", "comments"),
        ("<div class='newsletter-box'><ul>{cards}</ul></div>", "service-box"),
        ("<div class='sponsored'><ul>{cards}</ul></div>", "ad-box"),
        ("<div class='box'><span>Sponsored</span><ul>{cards}</ul></div>", "ad-module"),
    ],
)
def test_places_that_promote_no_story_are_refused_with_their_rule(markup, rule):
    many = LIST + "".join(card(f"story-number-{n}-of-many", f"Story number {n} of many others") for n in range(6))
    result = found(page(before=markup.format(cards=many)))
    assert result.teasers == []
    assert {item.rule for item in result.dropped} == {rule}


@pytest.mark.parametrize(
    "link",
    [
        "<a href='https://www.facebook.com/sharer.php?u=x'>Share this story on Facebook now</a>",
        "<a href='/tag/bridges-and-tunnels/'>All about bridges and tunnels</a>",
        "<a href='/author/jane-doe/'>Jane Doe covers the river</a>",
        "<a href='/subscribe/'>Subscribe now for unlimited access to everything</a>",
        "<a href='/2024/03/05/mayor-opens-new-bridge/'>Mayor opens new bridge over the river</a>",
        "<a href='/2024/03/05/mayor-opens-new-bridge/#comments'>Mayor opens new bridge over the river</a>",
        "<a href='https://elsewhere.example/2024/03/05/another-paper-story'>A story of quite another paper</a>",
        "<a href='/report.pdf'>The full report of the engineers</a>",
        "<a href='javascript:void(0)'>Open the gallery of the bridge</a>",
        "<a rel='sponsored' href='/2024/03/05/slippers-that-change-lives/'>Slippers that change your life</a>",
        "<a href='https://deals.paper.example/2024/03/05/slippers-for-less-money/'>Slippers for less money today</a>",
    ],
)
def test_links_to_anything_but_another_story_are_refused(link):
    assert found(page(after=f"<ul><li>{link}</li></ul>")).teasers == []


def test_one_record_for_each_target_with_the_fields_of_all_its_places():
    link = "<a href='/2024/03/04/ferry-returns-to-town/{}'>Ferry returns to the town</a>"
    first = f"<ul><li>{link.format('?utm_source=a')} <time datetime='2024-03-04'>4 March</time></li></ul>"
    second = f"<section><h2>Related</h2><div class='c'><img src='/f.jpg'><h3>{link.format('')}</h3></div></section>"
    teasers = found(page(before=f"<aside><h3>Latest</h3>{first}</aside>", after=second)).teasers
    assert len(teasers) == 1
    assert (teasers[0].kind, teasers[0].date_published, teasers[0].image_url) == (
        "related",
        "2024-03-04",
        "https://www.paper.example/f.jpg",
    )


def test_a_relative_date_stays_raw_without_the_fetch_time():
    item = card("ferry-returns-to-town", "Ferry returns to the town", " <span>3 hours ago</span>")
    html = page(after=f"<section><h2>Latest</h2><ul>{item}</ul></section>")
    (teaser,) = found(html).teasers
    assert (teaser.date_published, teaser.date_published_raw) == (None, "3 hours ago")
    (teaser,) = found(html, fetched_at=datetime(2024, 3, 5, 12, tzinfo=UTC)).teasers
    assert teaser.date_published == "2024-03-05"


def test_addresses_are_resolved_against_the_base_element():
    html = page(
        head="<base href='https://www.paper.example/news/'>",
        after="<section><h2>Related</h2><a href='ferry-returns-to-town-4711.html'>Ferry returns to the town</a></section>",
    )
    assert [teaser.url for teaser in found(html).teasers] == ["https://www.paper.example/news/ferry-returns-to-town-4711.html"]


def test_an_empty_overlay_link_beside_a_heading_is_a_teaser():
    tile = "<div class='tile'><a class='overlay' href='/2024/03/04/ferry-returns-to-town/'></a><h3>Ferry returns to the town</h3></div>"
    assert [teaser.title for teaser in found(page(after=f"<div><h2>Related</h2>{tile}</div>")).teasers] == ["Ferry returns to the town"]


def test_blocks_of_teasers_are_taken_and_paragraphs_are_not():
    link = "<a href='/2024/03/04/ferry-returns-to-town/'><h4>Ferry returns to the town</h4></a>"
    html = page(between=f"<div class='box'>{link}<p>It is late.</p></div>")
    document = read_page(html, URL)
    taken = [document.blocks[index].text for index in sorted(find_teasers(document).taken)]
    assert taken == ["Ferry returns to the town", "It is late."]


def test_a_page_of_thousands_of_links_is_cut_off_not_read_to_its_end():
    many = "".join(
        f"<span>Harbour</span><a href='/2024/03/04/story-number-{n}-of-all/'>Story number {n} of all</a>" for n in range(2 * MAX_LINKS)
    )
    assert len(found(page(after=f"<div>{many}</div>")).teasers) <= MAX_LINKS


def titles(result):
    return [teaser.title for teaser in result.teasers]


def test_a_text_that_leads_to_many_targets_is_no_headline():
    rows = "".join(
        f"<div><h3>Maker {n}</h3><p><a href='/2024/03/0{n}/maker-of-fine-kettles-{n}/'>See what we think</a></p></div>" for n in (1, 2, 3)
    )
    assert "See what we think" not in titles(found(page(between=rows)))


def test_a_list_in_the_menu_before_the_headline_is_a_menu_whatever_it_calls_itself():
    result = found(page(before=f"<nav><div class='latest-news'><ul>{LIST}</ul></div></nav>"))
    assert result.teasers == []
    assert {item.rule for item in result.dropped} == {"menu"}


def test_the_sections_among_the_class_names_of_a_post_are_no_place():
    cards = "".join(
        f"<article class='post hentry status-publish category-social tag-newsletter'><h3><a href='/2024/03/0{n}/story-of-a-bridge-{n}/'>"
        f"Story of a bridge, part {n}</a></h3></article>"
        for n in (1, 2, 3)
    )
    assert len(found(page(after=f"<aside>{cards}</aside>")).teasers) == 3


def test_a_short_title_is_a_teaser_among_many_of_its_make():
    cards = LIST + card("why-kettles-sing-in-winter", "Why kettles sing in winter") + card("oat-cakes", "Oat cakes")
    result = found(page(after=f"<section><h2>From the kitchen</h2><ul class='shelf'>{cards}</ul></section>"))
    assert titles(result)[-1] == "Oat cakes"


def test_a_heading_that_links_to_a_topic_is_one_and_makes_its_list_related():
    result = found(page(after=f"<section><h2><a href='/topic/crossings/'>Crossings</a></h2><ul>{LIST}</ul></section>"))
    assert [(teaser.module, teaser.kind) for teaser in result.teasers] == [("Crossings", "related")] * 2


def test_a_heading_that_names_what_the_headline_names_makes_its_list_related():
    result = found(page(after=f"<section><h2>Pictures of the Bridge</h2><ul>{LIST}</ul></section>"))
    assert [teaser.kind for teaser in result.teasers] == ["related", "related"]


def test_a_plain_line_at_the_top_of_a_box_of_cards_is_its_heading():
    result = found(page(after=f"<div class='rail'><div class='railBar'>Harbour and quays</div><ul>{LIST}</ul></div>"))
    assert [teaser.module for teaser in result.teasers] == ["Harbour and quays"] * 2


def test_services_in_the_footer_are_refused_together():
    links = "".join(
        f"<a href='/place-your-small-ad-{town}/'>Place your small ad {town}</a> | " for town in ("harrow", "wells", "bath", "ely")
    )
    result = found(page(after=f"<footer><p>{links}</p></footer>"))
    assert result.teasers == []


def test_a_kicker_before_a_colon_in_a_list_of_the_text_is_a_category():
    line = "<ul><li>Harbour: <a href='/2024/03/04/ferry-returns-to-town/'>Ferry returns to the town</a></li></ul>"
    assert [(t.title, t.category, t.kind) for t in found(page(between=line)).teasers] == [
        ("Ferry returns to the town", "Harbour", "inline")
    ]


def test_a_wrapper_round_the_article_is_no_service_box():
    html = page(between="<p><a href='/2024/03/04/ferry-returns-to-town/'>Ferry returns to the town after all</a></p>")
    html = html.replace("<article>", "<div class='live-event'><article>").replace("</article>", "</article></div>")
    assert titles(found(html)) == ["Ferry returns to the town after all"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("<div><h3>RELATED</h3> <h3>POSTS</h3></div>", "related"),
        ("<h2>La rédaction vous conseille</h2>", "related"),
        ("<h2>Recommends</h2>", "related"),
        ("<div><h2>Related articles</h2><p class='title-side'><a href='#top'>Scroll back to top</a></p></div>", "related"),
        ("<div><h2><img src='/heading.svg' alt='Related'></h2></div>", "related"),
        ("<div><h2><img src='/heading.svg' alt='A bridge in the fog'></h2></div>", "list"),
        ("<h3>Learn More</h3>", "list"),
    ],
)
def test_a_heading_in_pieces_in_a_picture_or_beside_a_link_to_the_top_is_read_whole(heading, kind):
    teasers = found(page(after=f"<section>{heading}<ul>{LIST}</ul></section>")).teasers
    assert [teaser.kind for teaser in teasers] == [kind] * 2


def test_the_series_between_two_links_to_one_story_is_its_category():
    item = (
        "<li><p><a href='/2024/03/04/ferry-returns-to-town/?iref=a'><img src='/img/ferry.jpg'></a></p><dl><dt>"
        "<span><a href='/series/list.html?id=2393'>Our river and its many boats</a></span>"
        "<a href='/2024/03/04/ferry-returns-to-town/?iref=b'>The ferry returns to the town after nine long years</a></dt></dl></li>"
    )
    teaser = only(found(page(after=f"<ul>{item}</ul>")).teasers)
    assert (teaser.category, teaser.image_url) == ("Our river and its many boats", "https://www.paper.example/img/ferry.jpg")


def only(teasers):
    assert len(teasers) == 1, teasers
    return teasers[0]


@pytest.mark.parametrize(
    ("label", "host", "taken"),
    [
        ("<strong>On CoastHerald.com:</strong> ", "www.coastherald.com", True),
        ("<p>Posted on: Coast Herald</p>", "coastherald.com", True),
        ("<strong>On HillHerald.com:</strong> ", "www.coastherald.com", False),
        ("<p>Coast Herald</p>", "coastherald.com", False),
    ],
)
def test_a_story_on_another_site_counts_where_its_label_says_so(label, host, taken):
    line = f"<div>{label}<a href='https://{host}/2024/harbour-cranes-come-home-tonight/'>Harbour cranes come home tonight</a></div>"
    assert bool(found(page(between=line)).teasers) is taken, found(page(between=line))


@pytest.mark.parametrize(
    "box",
    [
        f"<section><h2>イベント・出版情報</h2><ul>{LIST.replace('</li>', '<img src=/a.jpg></li>')}</ul></section>",
        f"<section><h2>新着プレゼント</h2><ul>{LIST}</ul></section>",
        f"<aside class='branded-content'><ul>{LIST}</ul></aside>",
        f"<div class='nativeadasideplaceholder'><ul>{LIST}</ul></div>",
        "<ul><li><a href='/2024/03/04/card-with-no-interest/?utm_medium=contentmarketing'>A card that asks for no interest</a></li></ul>",
        "<ul><li><a href='https://paper.shop/f/2024/03/04/walk-the-town/'>A walk round the town with a stamp card</a></li></ul>",
        "<ul><li><a href='/series/ships/index.html'>Ships and their captains</a></li></ul>",
    ],
)
def test_prizes_events_paid_boxes_shops_and_folders_are_no_teasers(box):
    assert not found(page(after=box)).teasers


def test_the_previous_and_next_story_in_the_footer_of_the_article_are_teasers():
    links = "<div class='nav-previous'><a rel='prev' href='/2024/03/04/free-boat-training-for-all/'>Free boat training for all</a></div>"
    after = f"<footer class='entry-footer'><nav class='post-navigation'><h2>Post navigation</h2>{links}</nav></footer>"
    assert only(found(page(after=after)).teasers).title == "Free boat training for all"
