"""Articles are told from listings, shops and home pages, and the reason is said in words."""

from __future__ import annotations

import json

from newsarchive.extractors.metadata import read_metadata
from newsarchive.extractors.page_type import judge_page
from newsarchive.pages.read import read_page

PARAGRAPH = (
    "<p>The first boat to the islands left at dawn on Friday, and the harbour master, who had waited for three winters, said that "
    "nobody on the quay had been late. The crossing takes forty minutes, the company said.</p>"
)


def judge(html, url, body_chars=2000):
    document = read_page(html, url)
    return judge_page(document, read_metadata(document), body_chars=body_chars)


def page(title, body, *, head="", body_class=""):
    return f'<html lang="en"><head><title>{title}</title>{head}</head><body class="{body_class}">{body}</body></html>'


def data(value):
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def article_page(paragraphs=8):
    person = {"@type": "Person", "name": "Jane Doe"}
    ld = {"@type": "NewsArticle", "headline": "Ferry to the islands runs again", "datePublished": "2024-05-03", "author": person}
    head = '<meta property="og:type" content="article">' + data(ld)
    body = f"<nav><a href='/'>Home</a></nav><article><h1>Ferry to the islands runs again</h1>{PARAGRAPH * paragraphs}</article>"
    return page("Ferry to the islands runs again | Harbour Post", body, head=head)


def test_news_article_is_an_article():
    found = judge(article_page(), "https://harbourpost.example/travel/ferry-to-the-islands-runs-again")
    assert (found.name, found.is_article, found.reason) == ("article", True, None)


def test_plain_article_without_structured_data_is_an_article():
    body = f"<h1>Ferry to the islands runs again</h1><div>Published May 3, 2024</div>{PARAGRAPH * 6}"
    assert judge(page("Ferry to the islands runs again", body), "https://harbourpost.example/ferry-to-the-islands-runs-again").is_article


def test_list_of_links_is_a_listing():
    card = '<div class="card"><a href="/story-{n}"><h3>Story number {n} of the islands and the sea</h3></a><span>May {n}, 2024</span></div>'
    cards = "".join(card.format(n=n) for n in range(1, 28))
    head = '<meta property="og:type" content="website">'
    html = page("Travel | Harbour Post", f"<h1>Travel</h1><div class='grid'>{cards}</div>", head=head, body_class="archive category")
    found = judge(html, "https://harbourpost.example/category/travel/", body_chars=300)
    assert not found.is_article
    assert found.reason


def test_undated_page_at_the_address_of_a_section_is_a_listing():
    leads = "".join(f"<h2><a href='/story-{n}-of-the-islands'>Story {n} of the islands</a></h2>{PARAGRAPH}" for n in range(6))
    found = judge(page("Sport | Harbour Post", f"<h1>Sport</h1>{leads}"), "https://harbourpost.example/sport")
    assert not found.is_article


def test_shop_page_is_no_article():
    ld = {"@type": "Product", "name": "Deck shoe", "offers": {"@type": "Offer", "price": "49.00"}}
    head = '<meta property="og:type" content="product">' + data(ld)
    body = "<h1>Deck shoe</h1><div class='price'>$49.00</div><button>Add to cart</button><p>In stock, free shipping.</p>"
    found = judge(page("Deck shoe", body, head=head, body_class="product"), "https://shop.example/products/deck-shoe", body_chars=30)
    assert (found.is_article, found.name) == (False, "product")


def test_home_page_is_named():
    teasers = "".join(f"<h2><a href='/s{n}'>Story number {n} of the islands</a></h2>" for n in range(30))
    found = judge(page("Harbour Post", teasers), "https://harbourpost.example/", body_chars=100)
    assert (found.name, found.reason) == ("home", "the home page of a site")


def test_page_without_a_body_is_no_article():
    assert judge(article_page(0), "https://harbourpost.example/ferry", body_chars=0).name == "empty"
