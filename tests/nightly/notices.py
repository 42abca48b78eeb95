"""Nights to tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsarchive.nightly.notice import AlarmLine, Notice, SiteLine

BEGAN = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
HOSTILE = "quay\n<!channel>\x1b[31m\u202e*evil*<script>alert(1)</script>&\"'"
"""What a page may put into a name, a title or an error."""

GOOD = Notice(
    run=7,
    uuid="0f8fad5b-d9cb-469f-a165-70867728950e",
    command="newsarchive run --due",
    archive="data/archive.db",
    host="press-1",
    started_at=BEGAN,
    finished_at=BEGAN + timedelta(minutes=42),
    sites=(
        SiteLine(
            site="ferrytimes.example",
            found=60,
            stored=12,
            updated=2,
            unchanged=40,
            rejected=5,
            failed=1,
            seconds=300.5,
            received_bytes=1_500_000,
            outcomes={"stored": 12, "timeout": 1},
            coverage={"title": 1.0, "body": 1.0, "date_published": 0.75, "authors": None},
        ),
        SiteLine(site="harbour.example", found=9, stored=3, unchanged=6, outcomes={"stored": 3}),
    ),
    articles_in_archive=812,
    archive_bytes=9_000_000,
)
ALARM = AlarmLine(
    site="ferrytimes.example",
    field="authors",
    sentence="No article has authors; 9 of 10 had.",
    since="2026-04-30",
    value=0.0,
    usual=0.9,
    examples=("https://ferrytimes.example/a", "https://ferrytimes.example/b"),
    command="newsarchive show https://ferrytimes.example/a",
)
ALARMING = replace(GOOD, alarms=(ALARM,), exit_code=19)
FAILED = replace(
    GOOD, failed=True, exit_code=3, sites=(GOOD.sites[0], replace(GOOD.sites[1], status="failed", note="no address for harbour.example"))
)
STARTED = replace(GOOD, finished_at=None, sites=())
TEST = replace(GOOD, is_test=True)
ODD = replace(
    FAILED,
    error=HOSTILE,
    notes=(HOSTILE,),
    alarms=(replace(ALARM, site=HOSTILE, sentence=HOSTILE, examples=(HOSTILE,)),),
    sites=(replace(GOOD.sites[0], site=HOSTILE, note=HOSTILE, status="failed", coverage={HOSTILE: float("nan")}),),
)
