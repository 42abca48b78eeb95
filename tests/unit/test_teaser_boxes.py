"""What boxes, menus, captions and labels say of the cards in them: stories of the house, or of those who paid."""

import pytest
from teaser_samples import LIST, URL, card, found, page

from newsarchive.extractors.teasers import find_teasers
from newsarchive.pages.read import read_page


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
