"""A page of our own with room for boxes of teasers, and two cards to put in."""

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
