"""What a site profile says of reading a page, from the value to the article."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsarchive.cli.main import group
from newsarchive.extractors.api import explain, extract
from newsarchive.extractors.profile_rules import DROP_RULE, RULE
from newsarchive.model.page import Page
from newsarchive.pages.read import read_page
from newsarchive.pages.select import TreeSelector, without
from newsarchive.sites.load import load_files
from newsarchive.sites.profile import Era, SiteProfile
from newsarchive.sites.reading import ReadingRules, reading_rules
from newsarchive.workers.job import Job, perform
from newsarchive.workers.records import job_frame, job_of

URL = "https://lantern.example/news/pilots-move-out"

PARAGRAPHS = (
    "The harbour pilots moved out of the old customs house on Monday, three months later than the port had promised them.",
    "Their new quarters stand on the outer mole, where the boats can leave without crossing the ferry lane at low water.",
    "The customs house will be a school for net makers, if the county finds the money that its council voted for in May.",
)

HTML = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pilots move out | Lantern</title>
<meta property="og:title" content="Pilots move out at last"><meta property="og:type" content="article"></head><body>
<header><a href="/">Lantern</a></header><main><article>
<h1>Pilots move out at last</h1><p class="roof">Harbour pilots leave the customs house</p>
<div class="by"><span>Text: Ilse Marn</span> <span>By Otto Brevik</span></div>
<div class="stamp" data-when="2026-03-09 07:45">Monday morning</div>
<div class="story">{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}
<div class="box"><p>The customs house was built in 1871 of yellow brick, and no storm has ever moved a tile of its roof.</p>
<a href="/dossier/customs-house">All about the customs house and its long history</a></div></div>
<ul class="next"><li><a href="/news/net-makers">Net makers wait</a></li>
<li><a href="/news/ferry-lane-dredged">Ferry lane dredged again</a></li></ul>
</article></main></body></html>"""


def read(**rules):
    return explain(HTML, URL, profile=SiteProfile(domains=("lantern.example",), **rules))


def test_a_selector_wins_over_what_the_page_states_elsewhere():
    found = read(selectors={"title": (".roof",), "authors": (".by span",)})
    assert found.article.title == "Harbour pilots leave the customs house"
    assert found.article.authors == ["Ilse Marn", "Otto Brevik"]
    assert (found.rules["title"], found.rules["authors"]) == (RULE, RULE)
    assert [c.source for c in found.candidates if c.field == "title" and c.won] == [RULE]


def test_selectors_are_tried_in_order():
    assert read(selectors={"title": (".headline", "h1::text", ".roof")}).article.title == "Pilots move out at last"


def test_a_selector_that_finds_nothing_leaves_the_field_to_the_engine_and_says_so():
    plain, found = explain(HTML, URL), read(selectors={"title": (".headline",), "body": ("#text",), "teasers": (".more",)})
    assert found.article == plain.article
    assert {"profile_missed:title", "profile_missed:body", "profile_missed:teasers"} <= set(found.flags)
    assert found.rules == plain.rules
    assert not any(flag.startswith("profile") for flag in plain.flags)


def test_body_names_the_containers_and_all_their_text_is_body():
    found = read(selectors={"body": (".roof, .story",)})
    assert [block.text for block in found.article.body_blocks][:2] == ["Harbour pilots leave the customs house", PARAGRAPHS[0]]
    assert "built in 1871" in found.article.body
    assert found.rules["body"] == RULE
    assert found.confidence == 1.0


def test_dropped_parts_are_in_neither_body_nor_teasers_and_are_accounted_for():
    found = read(drop=(".box", ".next li:first-child"), selectors={"body": (".story",), "teasers": (".next",)})
    assert found.article.body == "\n\n".join(PARAGRAPHS)
    assert [teaser.title for teaser in found.article.teasers] == ["Ferry lane dredged again"]
    assert [item.snippet[:16] for item in found.dropped if item.rule == DROP_RULE] == [
        "The customs hous",
        "All about the cu",
        "Net makers wait",
    ]


def test_links_of_dropped_parts_still_lead_on():
    rules = ReadingRules(drop=(".box", ".next"))
    result = perform(Job(page=Page(url=URL, body=HTML.encode()), kind="page", reading=rules))
    assert {"https://lantern.example/dossier/customs-house", "https://lantern.example/news/net-makers"} <= {
        c.url for c in result.candidates
    }


def test_teasers_are_all_cards_of_the_named_containers_and_no_others():
    found = read(selectors={"teasers": (".next",)})
    assert [(t.title, t.url) for t in found.article.teasers] == [
        ("Net makers wait", "https://lantern.example/news/net-makers"),
        ("Ferry lane dredged again", "https://lantern.example/news/ferry-lane-dredged"),
    ]


def test_times_without_a_zone_get_the_sites_by_the_season():
    found = read(selectors={"date_published": (".stamp::attr(data-when)",)}, timezone="Europe/Oslo")
    assert found.article.date_published == "2026-03-09T07:45+01:00"
    assert found.article.date_published_raw == "2026-03-09 07:45"
    assert "profile_timezone" in found.flags
    summer = HTML.replace("2026-03-09", "2026-07-09")
    rules = ReadingRules(selectors={"date_published": (".stamp::attr(data-when)",)}, timezone="America/New_York")
    assert explain(summer, URL, profile=rules).article.date_published == "2026-07-09T07:45-04:00"


@pytest.mark.parametrize("when", ["2026-03-09", "2026-03-09T07:45Z", "2026-03-09T07:45+02:00"])
def test_days_and_times_with_a_zone_stay_as_they_are(when):
    page = HTML.replace("2026-03-09 07:45", when)
    found = explain(page, URL, profile=ReadingRules(selectors={"date_published": (".stamp::attr(data-when)",)}, timezone="Europe/Oslo"))
    assert (
        found.article.date_published
        == explain(page, URL, profile=ReadingRules(selectors={"date_published": (".stamp::attr(data-when)",)})).article.date_published
    )
    assert "profile_timezone" not in found.flags


def test_a_selected_date_of_the_future_is_refused():
    rules = ReadingRules(selectors={"date_published": (".stamp::attr(data-when)",)})
    found = explain(HTML, URL, profile=rules, fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "profile_missed:date_published" in found.flags


def test_a_page_is_read_as_its_site_was_when_it_was_fetched():
    profile = SiteProfile(
        domains=("lantern.example",),
        selectors={"title": ("h1",)},
        eras=(Era(valid_until=date(2026, 3, 31), selectors={"title": (".roof",)}),),
    )
    early, late = (explain(HTML, URL, profile=profile, fetched_at=datetime(2026, month, 20, tzinfo=UTC)) for month in (3, 4))
    assert early.article.title == "Harbour pilots leave the customs house"
    assert late.article.title == "Pilots move out at last"
    assert explain(HTML, URL, profile=profile).article.title == "Pilots move out at last"


def test_a_reading_names_the_rules_it_was_made_with():
    first, second = (read(selectors={"title": (css,)}) for css in (".roof", "h1"))
    marks = [[flag for flag in found.flags if flag.startswith("profile:")] for found in (first, second)]
    assert len(marks[0]) == len(marks[1]) == 1
    assert marks[0] != marks[1]


def test_a_profile_without_rules_for_reading_changes_nothing():
    profile = SiteProfile(domains=("lantern.example",), delay_seconds=2)
    assert reading_rules(profile, None) is None
    assert explain(HTML, URL, profile=profile) == explain(HTML, URL)


def test_rules_travel_to_a_worker_and_back():
    rules = ReadingRules(selectors={"title": (".roof", "h1"), "body": (".story",)}, drop=(".box",), timezone="Europe/Oslo")
    job = job_of(job_frame(Job(page=Page(url=URL, body=b"x"), reading=rules), 7))
    assert job.reading == rules
    assert job_of(job_frame(Job(page=Page(url=URL, body=b"x")), 8)).reading is None


def test_taking_parts_out_leaves_a_sound_tree():
    document = read_page(HTML, URL)
    gone = TreeSelector(document.tree).elements(".box, .box p, .by span:last-child, .next li")
    rest = without(document, gone)
    for place, element in enumerate(rest.tree.elements):
        assert element.index == place
        assert place < element.end <= len(rest.tree.elements)
        assert all(rest.tree.elements[child.index] is child for child in element.children)
        assert all(element.index < child.index < child.end <= element.end for child in element.children)
    assert not rest.tree.by_tag("li")
    assert "1871" not in rest.tree.root.text
    assert "Ilse Marn" in rest.tree.root.text


def test_odd_names_and_characters_do_not_hinder_selectors():
    page = '<html><body><div @click="x" x:y="1" 1="2"><o:p>One\x01 two</o:p><b>three</b>four</div></body></html>'
    selector = TreeSelector(read_page(page, URL).tree)
    assert selector.values("div") == ["One two three four"] or selector.values("div") == ["One twothreefour"]
    assert selector.values("b::text") == ["three"]


@pytest.fixture
def profile_file(tmp_path: Path) -> Path:
    path = tmp_path / "lantern.toml"
    path.write_text(
        'domains = ["lantern.example"]\ndrop = [".box"]\ntimezone = "Europe/Oslo"\n[selectors]\n'
        'title = ".roof"\nbody = ".story"\nteasers = ".next"\n'
        'date_published = ".stamp::attr(data-when)"\n'
    )
    return path


@pytest.mark.parametrize("by", ["profile", "sites", "default"])
def test_extract_reads_a_page_with_the_profile_of_its_site(profile_file, monkeypatch, by):
    page = profile_file.parent / "page.html"
    page.write_text(HTML)
    given = {"profile": ["--profile", str(profile_file)], "sites": ["--sites", str(profile_file.parent)], "default": []}[by]
    monkeypatch.setenv("NEWSARCHIVE_SITES", str(profile_file.parent) if by == "default" else str(profile_file.parent / "none"))
    ran = CliRunner().invoke(group, ["extract", str(page), "--json", *([] if by == "profile" else ["--url", URL]), *given])
    assert ran.exit_code == 0, ran.output
    article = json.loads(ran.output)
    assert article["title"] == "Harbour pilots leave the customs house"
    assert article["body"] == "\n\n".join(PARAGRAPHS)
    assert article["date_published"] == "2026-03-09T07:45+01:00"


def test_a_loaded_profile_can_be_given_to_extract(profile_file):
    assert extract(HTML, URL, profile=load_files([profile_file])[0]).title == "Harbour pilots leave the customs house"
