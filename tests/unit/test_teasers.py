"""What counts as a teaser, of which kind, and what does not."""

from datetime import UTC, datetime

import pytest

from newsarchive.extractors.teaser_links import MAX_LINKS
from newsarchive.extractors.teasers import find_teasers
from newsarchive.pages.read import read_page

URL = "https://www.paper.example/2024/03/05/mayor-opens-new-bridge/"
TEXT = [
    "The mayor opened the new bridge on Tuesday, and the town crossed it twice, once in each direction, to be quite sure that it works.",
    "It took four years to build and cost a good deal less than expected, since half of the stones had been lying in the river all along.",
    "The old bridge will be kept for anglers, who have asked that nobody tell the fish about the move until the summer is over.",
]


def page(*, before="", between="", after="", head=""):
    paragraphs = [f"<p>{text}</p>" for text in TEXT]
    body = paragraphs[0] + between + "".join(paragraphs[1:])
    return (
        f"<html lang='en'><head><title>Mayor opens new bridge</title>{head}</head><body>{before}<article><h1>Mayor opens new bridge</h1>"
        f"<div class='text'>{body}</div></article>{after}</body></html>"
    )


def found(html, **options):
    return find_teasers(read_page(html, URL), **options)


def card(slug, title, extra=""):
    return f"<li><a href='/2024/03/04/{slug}/'>{title}</a>{extra}</li>"


LIST = card("ferry-returns-to-town", "Ferry returns to the town") + card("bakers-strike-over-flour", "Bakers strike over flour")


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


def refused(html, url=URL):
    return {item.rule for item in find_teasers(read_page(html, url)).dropped}


def test_a_word_of_the_page_s_own_path_makes_no_service_of_its_neighbours():
    glossary = "https://www.paper.example/terms/b/bridge-toll-explained.asp"
    cards = "".join(f"<li><a href='/terms/{slug[0]}/{slug}.asp'>{slug.replace('-', ' ')} explained in short</a></li>" for slug in SLUGS)
    html = page(after=f"<section><h2>Related Articles</h2><ul>{cards}</ul></section>")
    assert [teaser.kind for teaser in find_teasers(read_page(html, glossary)).teasers] == ["related"] * len(SLUGS)
    assert refused(html) == {"service-link"}


SLUGS = ("anchor-stone-of-a-bridge", "ferry-and-barge-licence", "keystone-in-an-old-arch")


def test_recommended_stories_of_the_own_host_may_call_all_their_links_sponsored():
    cards = "".join(f"<li><a rel='sponsored noopener' href='/2024/03/04/{slug}/'>{slug.replace('-', ' ')} now</a></li>" for slug in SLUGS)
    assert len(found(page(after=f"<div class='recommended-cards'><ul>{cards}</ul></div>")).teasers) == len(SLUGS)
    assert refused(page(after=f"<div class='cards'><ul>{cards}</ul></div>")) == {"ad-rel"}


def test_a_story_that_one_box_calls_paid_is_refused_in_every_other_box():
    paid = card("kettle-that-pours-itself", "The kettle that pours itself")
    partners = (
        f"<section><h2>More from our partners</h2><ul>{paid}{card('pans-that-wash-themselves', 'Pans that wash themselves')}</ul></section>"
    )
    result = found(page(after=f"<section><h2>Related</h2><ul>{LIST}{paid}</ul></section>{partners}"))
    assert [teaser.title for teaser in result.teasers] == ["Ferry returns to the town", "Bakers strike over flour"]


def test_a_digest_of_other_papers_is_no_list_of_own_stories():
    links = [f"<li><img src='/i{n}.jpg'><a href='https://paper{n}.example/2024/a-story-of-paper-{n}'>A story of paper {n} today</a></li>"
             for n in range(5)]  # fmt: skip
    html = page(after=f"<section><h2>Top stories</h2><ul>{LIST}{''.join(links)}</ul></section>")
    assert [teaser.title for teaser in found(html).teasers] == ["Ferry returns to the town", "Bakers strike over flour"]


def test_a_sister_paper_is_known_by_how_it_numbers_its_stories():
    own = "https://www.paper.example/city/mayor-opens-new-bridge-20240305145127-nts.html"
    link = "<li><a href='https://{}'>Ferry lowers its fares for the whole of spring</a></li>"
    sister = page(after="<h2>Related</h2><ul>" + link.format("herald.example/coast/ferry-lowers-fares-20240304101112-nt.html") + "</ul>")
    other = page(after="<h2>Related</h2><ul>" + link.format("else.example/coast/ferry-lowers-fares-4711.html") + "</ul>")
    assert [teaser.kind for teaser in find_teasers(read_page(sister, own)).teasers] == ["related"]
    assert refused(other, own) == {"other-site"}


def test_a_name_beside_a_caption_and_the_story_in_another_language_are_no_teasers():
    figure = (
        "<figure><img src='/b.jpg'><figcaption>The bridge at noon. "
        "<a href='/producers/courtesy-of-the-harbour-office'>Courtesy of the Harbour Office</a></figcaption></figure>"
    )
    assert refused(page(between=figure)) == {"picture-credit"}
    spanish = "<div><a href='/es/2024/03/05/el-alcalde-abre-el-puente-nuevo/'>Lee esto en Español</a></div>"
    assert refused(page(before=spanish)) == {"language-link"}


def test_the_heading_before_a_line_that_only_class_names_call_one_heads_the_list():
    head = "<div><h2>Related stories</h2><div class='title-more'>hidden or so</div></div>"
    assert [teaser.module for teaser in found(page(after=f"<section>{head}<ul>{LIST}</ul></section>")).teasers] == ["Related stories"] * 2


def test_brackets_round_a_linked_line_are_no_part_of_the_headline():
    line = "<p>(<a href='/2024/03/04/ferry-returns-to-town/'>Ferry returns to the town.</a>)</p>"
    assert [teaser.title for teaser in found(page(between=line)).teasers] == ["Ferry returns to the town"]


@pytest.mark.parametrize(
    ("cards", "taken"),
    [
        (LIST + card("lamps-for-the-quay-arrive", "Lamps for the quay arrive"), 3),
        (LIST + "<li><a href='https://else.example/a-b-c-d'>One odd trick</a></li>", 0),
    ],
)
def test_a_network_of_recommendations_may_recommend_the_own_stories(cards, taken):
    assert len(found(page(after=f"<div class='prefooter--outbrain'><ul>{cards}</ul></div>")).teasers) == taken


def test_a_story_on_the_front_page_of_drupal_is_no_paid_one():
    cards = "".join(
        f"<article class='node teaser node--promoted'><h3><a href='/2024/03/04/{slug}/'>{slug} today</a></h3></article>" for slug in SLUGS
    )
    assert len(found(page(after=f"<div><h2>Popular</h2>{cards}</div>")).teasers) == len(SLUGS)


def test_links_that_name_the_page_s_own_language_are_links_like_others():
    cards = "".join(f"<div><a hreflang='{{0}}' href='/2024/03/04/{slug}/'>{slug.replace('-', ' ')} today</a></div>" for slug in SLUGS)
    assert len(found(page(after=f"<h2>Related</h2>{cards.format('en')}")).teasers) == len(SLUGS)
    assert refused(page(after=f"<h2>Related</h2>{cards.format('fr')}")) == {"language-link"}


def test_what_the_menu_names_as_shortly_is_a_section_wherever_it_stands():
    menu = "<nav><a href='/columns/low-tide-essay/'>Low Tide Essay</a></nav>"
    tiles = "<div class='c'><img src='/t.jpg'><h3><a href='/columns/low-tide-essay/'>Low Tide Essay</a></h3></div>"
    result = found(page(before=menu, after=f"<section><h2>Popular</h2><ul>{LIST}</ul>{tiles}</section>"))
    assert [teaser.title for teaser in result.teasers] == ["Ferry returns to the town", "Bakers strike over flour"]


def test_a_side_menu_of_headlines_is_a_list():
    more = card("lamps-for-the-quay-arrive", "Lamps for the quay arrive at last", " <a href='/coast/'>COAST</a>")
    result = found(page(after=f"<div class='side-menu'><ul>{LIST.replace('</a>', ' on Monday</a>')}{more}</ul></div>"))
    assert [teaser.kind for teaser in result.teasers] == ["list"] * 3


def test_who_paid_makes_an_ad_of_a_card_behind_its_headline_too():
    paid = card(
        "a-guide-to-dry-cellars",
        "A guide to dry cellars",
        "<div><a href='/2024/03/04/a-guide-to-dry-cellars/'>Presented by Pump &amp; Sons</a></div>",
    )
    result = found(page(after=f"<section><h2>Reports</h2><ul>{LIST}{paid}</ul></section>"))
    assert [item.rule for item in result.dropped] == ["ad-label"]


def test_a_promo_label_without_a_colon_is_cut_off_a_headline_that_has_one():
    line = "<p><strong>[ Also read <a href='/2024/03/04/ferry-returns-to-town/'>Ferry: back in the town</a>. ]</strong></p>"
    assert [(teaser.title, teaser.module) for teaser in found(page(between=line)).teasers] == [("Ferry: back in the town", "Also read")]


def test_a_badge_of_words_is_the_category():
    badge = "<div class='elementor-post__badge'>Harbour</div>"
    cards = "".join(f"<article><img src='/p.jpg'>{badge}<h3><a href='/2024/03/04/{slug}/'>{slug} now</a></h3></article>" for slug in SLUGS)
    teasers = found(page(after=f"<section><h2>Latest</h2>{cards}</section>")).teasers
    assert [teaser.category for teaser in teasers] == ["Harbour"] * len(SLUGS)
