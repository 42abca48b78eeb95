"""The page about a run: everything in one file, hostile text as text, nothing that runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
from dataclasses import replace

import lxml.html
import pytest
from notices import ALARMING, BEGAN, FAILED, GOOD, HOSTILE, ODD

from newsarchive.nightly.notice import NightLine, StepLine
from newsarchive.nightly.report import report_page, write_report

HISTORY = [
    NightLine(
        day=f"2026-04-{day:02d}",
        stored=day % 7 * 3,
        failed=day % 3,
        seconds=None if day == 9 else 600.0 + day,
        coverage={"title": 1.0, "authors": None if day == 9 else 0.9 - day / 100},
        stored_by_site={"ferrytimes.example": day % 7} if day != 12 else {},
        alarms=day % 11 == 0,
    )
    for day in range(1, 31)
]


def parsed(notice=ALARMING, history=HISTORY):
    text = report_page(notice, history)
    return text, lxml.html.document_fromstring(text)


def test_figures_sites_alarms_and_plots_are_there():
    _text, page = parsed(replace(ALARMING, steps=(StepLine(name="backup", status="failed", seconds=2.0, detail="no room"),)))
    words = " ".join(page.text_content().split())
    for part in (
        "No article has authors; 9 of 10 had.",
        "0 instead of about 0.9",
        "since 2026-04-30",
        "no room",
        "812",
        "9.0 MB",
        "exit code 19",
    ):
        assert part in words
    assert [head.text_content() for head in page.iter("h2")] == ["Alarms", "Sites", "Fields", "Outcomes", "The last nights", "Steps"]
    rows = page.xpath("//div[@aria-label='Sites']//tbody/tr")
    assert [cell.text_content() for cell in rows[0]] == ["ferrytimes.example ", "60", "12", "2", "40", "5", "1", "5 min", "1.5 MB"]
    assert len(page.xpath("//figure")) == 5
    assert len(page.xpath("//figure[@id='plot-stored']//*[name()='rect'][contains(@class,'mark')]")) == 30
    assert page.xpath("//div[@aria-label='Fields']//td[@class='number middle']/text()") == ["75 %"]


def test_nothing_runs_and_nothing_is_fetched():
    for notice in (GOOD, ALARMING, FAILED, ODD):
        _text, page = parsed(notice)
        assert not page.xpath("//script | //iframe | //object | //embed | //form | //link | //img | //base | //foreignobject | //use")
        assert not page.xpath("//@*[starts-with(name(), 'on')] | //@style | //@src | //@srcset | //@xlink:href", namespaces={"xlink": "x"})
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        style = page.xpath("//style/text()")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy.startswith("default-src 'none'; style-src 'sha256-" + digest)
        assert "url(" not in style
        assert "@import" not in style
        assert page.xpath("//head/*")[1].get("http-equiv") == "Content-Security-Policy"  # before whatever it is to forbid


def test_hostile_text_stays_text():
    history = [replace(night, day=HOSTILE, coverage={HOSTILE: 0.5}, stored_by_site={HOSTILE: 3}) for night in HISTORY]
    text, page = parsed(ODD, history)
    assert "<script" not in text.lower()
    assert "<!channel" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert page.xpath("//h3")[0].text_content().startswith("quay")
    assert [link for link in page.xpath("//a/@href") if not link.startswith(("http://", "https://"))] == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/ x", "//a.example", "https://a.example/\u202e"]
)
def test_only_addresses_of_the_web_become_links(url):
    alarm = replace(ALARMING.alarms[0], examples=(url, "https://a.example/?a=1&b=%22"))
    _, page = parsed(replace(ALARMING, alarms=(alarm,)))
    links = page.xpath("//a")
    assert [link.get("href") for link in links] == ["https://a.example/?a=1&b=%22"]
    assert links[0].get("rel") == "noopener noreferrer nofollow"


def test_a_first_night_has_no_plots_and_an_empty_one_says_so():
    _, page = parsed(GOOD, HISTORY[:1])
    assert not page.xpath("//svg | //*[name()='svg']")
    _text, page = parsed(replace(GOOD, sites=(), run=None, finished_at=None), [])
    assert "Still running." in page.text_content()
    assert "None." in page.text_content()


def test_several_runs_of_a_day_are_told_apart():
    _, page = parsed(GOOD, [HISTORY[0], HISTORY[0], HISTORY[1]])
    words = page.xpath("//figure[@id='plot-stored']//table")[0].text_content()
    assert all(key in words for key in ("2026-04-01 (1)", "2026-04-01 (2)", "2026-04-02"))
    assert "2026-04-02 (1)" not in words


def test_the_page_says_what_it_is_to_readers_and_readers_of_screens():
    _, page = parsed()
    assert page.get("lang") == "en"
    assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]
    assert "prefers-color-scheme: dark" in page.xpath("//style/text()")[0]
    assert "@media print" in page.xpath("//style/text()")[0]
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
    assert all(box.get("tabindex") == "0" and box.get("role") == "region" for box in page.xpath("//div[@class='scroll'][@aria-label]"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_file_is_whole_or_not_there(tmp_path, monkeypatch):
    file = tmp_path / "reports" / "7.html"
    write_report(GOOD, HISTORY, file)
    assert file.read_text(encoding="utf-8") == report_page(GOOD, HISTORY)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    with pytest.raises(AttributeError):
        write_report(replace(GOOD, sites=(None,)), HISTORY, file)
    assert file.read_text(encoding="utf-8") == report_page(GOOD, HISTORY)
    assert [path.name for path in file.parent.iterdir()] == ["7.html"]


def test_a_report_of_many_sites_stays_small():
    sites = [replace(GOOD.sites[0], site=f"paper{number}.example") for number in range(400)]
    history = [replace(night, stored_by_site={site.site: 3 for site in sites}) for night in HISTORY * 2]
    text = report_page(replace(GOOD, sites=sites), history)
    assert len(text) < 1_500_000
    assert BEGAN.strftime("%Y-%m-%d %H:%M UTC") in text
