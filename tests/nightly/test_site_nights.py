"""What a run measured of each site, read back as it was kept; alarms with their examples; the command that shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from newsarchive.archive.alarms import AlarmRow, accept_alarms, examples, kept_alarms, raise_alarm
from newsarchive.archive.connection import transaction
from newsarchive.archive.site_nights import measure_run, measured_sites, save_nights, saved_nights, site_history, unmeasured_runs
from newsarchive.archive.store import Store
from newsarchive.cli.health import command
from newsarchive.cli.main import run
from newsarchive.errors import ExitCode
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.teaser import Teaser
from newsarchive.nightly.alarms import open_alarms
from newsarchive.nightly.judged import FIELDS

NOW = datetime(2026, 5, 2, 2, 30, tzinfo=UTC)
SITE = "paper.example"
HOME = "https://paper.example"


def page(path: str, *, status: int = 200, elapsed_ms: int = 100) -> Page:
    return Page(url=HOME + path, body=path.encode(), status=status, fetched_at=NOW, elapsed_ms=elapsed_ms)


def article(path: str, body: str, *, hours: float | None = 5, authors: list[str] | None = None, teasers: int = 0) -> Capture:
    url = HOME + path
    shown = [Teaser(title=f"More {n}", url=f"{HOME}/more/{n}", position=n, kind="related") for n in range(teasers)]
    published = None if hours is None else (NOW - timedelta(hours=hours)).isoformat()
    read = Article(
        url=url,
        title=f"Title {path}",
        body_blocks=[BodyBlock("paragraph", body)],
        date_published=published,
        authors=authors or [],
        teasers=shown,
    )
    return Capture(url=url, outcome=Outcome.STORED, page=page(path), extraction=Extraction(article=read))


FERRY = (
    "The ferry was late again on Tuesday, and nobody at the landing could say why. The captain blamed the tide, the tide table blamed the"
    " moon, and the passengers walked home over the bridge, which is eleven miles longer but has never yet been cancelled by anybody."
)
TEXTS = [
    FERRY,
    "A choir of nineteen sang from the roof of the old customs house until the rain came.",
    "Cafe owners want the quay closed to lorries; the harbour master would rather close the cafes.",
    "Das SchloÃŸ gehÃ¶rt der Stadt, sagte der BÃ¼rgermeister.",
]


@pytest.fixture
def archive(tmp_path):
    """One crawl of one site: four articles, a copy of the first, pages that are none, and lists."""
    path = tmp_path / "archive.db"
    feed = Capture(
        url=HOME + "/feed.xml",
        outcome=Outcome.SOURCE,
        kind="feed",
        page=page("/feed.xml", elapsed_ms=50),
        candidates=[Candidate(url=f"{HOME}/a{n}", found_by="feed") for n in range(4)],
    )
    captures = [
        feed,
        Capture(url=HOME + "/old.xml", outcome=Outcome.HTTP_4XX, kind="feed", page=page("/old.xml", status=404, elapsed_ms=50)),
        article("/a0", TEXTS[0], authors=["Ada Holm"], teasers=2),
        article("/a1", TEXTS[1], hours=30, authors=["Ada Holm"]),
        article("/a2", TEXTS[2], hours=-3),
        article("/a3", TEXTS[3], hours=None),
        article("/a0-again", TEXTS[0], hours=100),
        Capture(url=HOME + "/about", outcome=Outcome.NOT_ARTICLE, page=page("/about")),
        Capture(url=HOME + "/private", outcome=Outcome.ROBOTS, attempted=False),
        Capture(url="https://other.test/", outcome=Outcome.DNS, page=None),
    ]
    with Store(path, clock=lambda: NOW) as store:
        handle = store.begin_run({}, [HOME])
        store.frontier.add([Candidate(url=item.url, kind=item.kind, found_by="seed") for item in captures], handle.id, "now")
        store.save(captures, handle.id)
        store.finish_run(handle.id, "finished", "finished")
    return path


def test_a_run_is_measured_site_by_site(archive):
    with Store(archive, create=False) as store:
        other, night = measure_run(store.connection, 1)
    assert (other.site, other.found, dict(other.outcomes)) == ("other.test", 0, {"dns": 1})
    assert night.site == SITE
    assert dict(night.outcomes) == {"stored": 5, "not_article": 1, "robots": 1}
    assert (night.found, night.read, night.titles, night.bodies, night.dates, night.authors) == (5, 5, 5, 5, 4, 2)
    assert (night.captured, night.teasers, night.teasers_each) == (5, 1, 0.4)
    assert (night.ahead, night.same_day, night.day_late, night.later) == (1, 1, 1, 1)
    assert (night.sources, night.sources_failed, night.sources_same, night.links) == (2, 1, 0, 4)
    assert (night.garbled, night.paywalled) == (1, 0)
    assert night.repeated == 2
    assert night.latency_ms == 100
    assert night.body_chars == sorted(map(len, [*TEXTS, TEXTS[0]]))[2]


def test_what_was_measured_is_read_back_as_it_was(archive):
    with Store(archive, create=False) as store:
        assert unmeasured_runs(store.connection) == [1]
        nights = measure_run(store.connection, 1)
        save_nights(store.connection, nights)
        save_nights(store.connection, nights)
        assert saved_nights(store.connection, 1) == nights
        assert site_history(store.connection, SITE) == [nights[1]]
        assert site_history(store.connection, SITE, before="2026-05-02T02:30:00Z") == []
        assert measured_sites(store.connection) == {SITE: 1, "other.test": 1}
        assert unmeasured_runs(store.connection) == []


def test_sites_can_have_names_of_their_own(archive):
    with Store(archive, create=False) as store:
        (night,) = measure_run(store.connection, 1, lambda host: "everything")
    assert (night.site, night.outcomes["dns"], night.found) == ("everything", 1, 5)


def alarm(field: str, **changed: object) -> AlarmRow:
    values: dict[str, object] = {"site": SITE, "field": field, "since": "2026-05-02T02:30:00Z", "usual": 0.9, "value": 0.0, "run_id": 1}
    return AlarmRow(**{**values, "raised_at": "2026-05-02T03:00:00Z", "over_at": None, "accepted_at": None, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("authors", ["/a0-again", "/a3", "/a2"]),
        ("date", ["/a3"]),
        ("garbled", ["/a3"]),
        ("repeated", ["/a0-again", "/a0"]),
        ("dates ahead", ["/a2"]),
        ("dates late", ["/a1"]),
        ("rejected", ["/about"]),
        ("closed", ["/private"]),
        ("sources", ["/old.xml"]),
        ("listed", ["/feed.xml"]),
        ("teasers", ["/a0-again", "/a3", "/a2"]),
        ("latency", ["/about", "/a0-again", "/a3"]),
        ("failed", []),
        ("edited", []),
    ],
)
def test_examples_of_an_alarm_are_pages_that_show_it(archive, field, expected):
    with Store(archive, create=False) as store:
        assert examples(store.connection, alarm(field)) == [HOME + path for path in expected]


@pytest.mark.parametrize("field", [item.name for item in FIELDS])
def test_every_field_can_be_told_with_examples_and_a_command(archive, field):
    with Store(archive, create=False) as store:
        with transaction(store.connection):
            raise_alarm(store.connection, alarm(field))
        (told,) = open_alarms(store.connection)
    assert told.sentence.startswith(f"{SITE}: ")
    assert "since 2026-05-02." in told.sentence
    assert told.command.startswith("newsarchive ")
    assert len(told.examples) <= 3


def test_an_alarm_is_kept_once_while_it_is_open(archive):
    with Store(archive, create=False) as store:
        with transaction(store.connection):
            raise_alarm(store.connection, alarm("authors"))
            raise_alarm(store.connection, alarm("authors", since="2026-05-03T02:30:00Z"))
        assert [row.since for row in kept_alarms(store.connection)] == ["2026-05-02T02:30:00Z"]
        with transaction(store.connection):
            assert accept_alarms(store.connection, [SITE], ["authors"], "2026-05-04T00:00:00Z") == 1
            raise_alarm(store.connection, alarm("authors", since="2026-05-05T02:30:00Z"))
        assert [row.is_open for row in kept_alarms(store.connection)] == [False, True]


def health(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(arguments), standalone_mode=False)
    assert done.exception is None, done.exception
    return int(done.return_value), done.output


def test_the_command_judges_shows_and_accepts(archive):
    place = ("--archive", str(archive))
    assert health(*place)[0] == ExitCode.OK
    code, out = health("--update", *place)
    assert code == ExitCode.OK
    assert "No alarm on 2 sites. 2 of them have fewer than 16 nights" in out
    with Store(archive, create=False) as store, transaction(store.connection):
        raise_alarm(store.connection, alarm("authors"))
    code, out = health(SITE, *place)
    assert code == ExitCode.HEALTH_ALARM
    assert f"{SITE}: articles with an author: 0 %, usually 90 %, since 2026-05-02." in out
    assert f"look: newsarchive extract {HOME}/a0-again --explain" in out
    assert health("other.test", *place)[0] == ExitCode.OK
    assert json.loads(health("--json", *place)[1])["alarms"][0]["examples"] == [HOME + path for path in ("/a0-again", "/a3", "/a2")]
    assert health(SITE, "--accept", "--field", "teasers", *place)[0] == ExitCode.HEALTH_ALARM
    assert health(HOME, "--accept", *place)[0] == ExitCode.OK


def test_the_command_says_what_it_does_not_know(archive):
    assert run(["health", "--accept", "--archive", str(archive)]) == ExitCode.USAGE
    assert run(["health", "unknown.example", "--archive", str(archive)]) == ExitCode.NOT_FOUND
    assert run(["health", "--archive", str(archive.with_name("none.db"))]) == ExitCode.NOT_FOUND
