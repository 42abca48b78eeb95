"""Tags are what an editor gave: from lists of keywords or links to pages of tags, without what systems note for themselves."""

from __future__ import annotations

import pytest

from newsarchive.extractors.metadata import read_metadata
from newsarchive.pages.read import read_page

HEADLINE = "Ferry to the islands runs again"


def tags(head="", body="", lang="en"):
    html = (
        f'<html lang="{lang}"><head><title>{HEADLINE}</title><meta property="og:site_name" content="Harbour Post">{head}</head>'
        f"<body><nav><a href=/tag/news>News</a></nav><main><h1>{HEADLINE}</h1>{body}</main></body></html>"
    )
    return read_metadata(read_page(html, "https://www.harbourpost.example/ferry")).fields.get("tags", [])


@pytest.mark.parametrize(
    ("keywords", "found"),
    [
        ("ferry, 8f507083-bac4-423a-9015-2eb31e1bce50, boats", ["ferry", "boats"]),
        ("ferry, NLP Entity Tokens: Harbour, Category: travel", ["ferry"]),
        ("100312362, ferry", ["ferry"]),
        ("Harbour Post, ferry", ["ferry"]),
        ("(1) ferry", ["ferry"]),
        ("ferry; boats; islands", ["ferry", "boats", "islands"]),
        ("渡轮 港口 岛屿", ["渡轮", "港口", "岛屿"]),
        ("harbour life on the islands", ["harbour life on the islands"]),
        ("harbourpost.com, .net rules", [".net rules"]),
    ],
)
def test_notes_of_systems_are_no_tags(keywords, found):
    assert tags(f'<meta name="keywords" content="{keywords}">') == found


def test_links_to_pages_of_tags_are_read_where_nothing_is_stated():
    links = '<div><a href="/tag/ferries">#Ferries</a> <a rel="tag" href="/x/7">Islands</a> <a href="/2024/boat">A boat</a></div>'
    assert tags(body=links) == ["Ferries", "Islands"]
    assert tags('<meta name="keywords" content="boats">', links) == ["boats"]


def test_a_cloud_of_links_is_no_list_of_tags():
    assert tags(body="".join(f'<a href="/tag/{number}">Tag number {number}</a>' for number in range(30))) == []
