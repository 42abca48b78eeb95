"""An archive whose publishers tried to run scripts in the browser of who reads it: 100 payloads in each of 8 fields, and more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsarchive.archive.store import Store
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.teaser import Teaser

SITE = "https://evil.example"
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
RUN = "window.pwned=1"

_VECTORS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</ScRiPt >",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x:x onerror=\u2028{RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<object data=javascript:{RUN}></object>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"{{{{ ''.__class__ }}}}{{% print 1 %}}<marquee onstart={RUN}>",
)
_BREAKS = ("", '">', "'>", "</title></textarea></style></script>", "--></svg>\x00]]>")
PAYLOADS = tuple(f"{number} {breaks}{vector}" for number, (breaks, vector) in enumerate((b, v) for b in _BREAKS for v in _VECTORS))
"""A hundred, each with its number in front, so that no two are the same teaser."""

FIELDS = ("title", "description", "body", "author", "section", "tag", "teaser", "block")
"""Fields that hold every payload: the body, the keywords and the teasers of one article hold many."""


def make_hostile(path: Path) -> None:
    """An archive with an article for each payload, all of which were edited once."""
    now = START

    def clock() -> datetime:
        return now

    with Store(path, clock=clock) as store:
        for edition in (0, 1):
            now = START + timedelta(days=edition)
            run = store.begin_run({"edition": edition}, [f"{SITE}/{PAYLOADS[edition]}"]).id
            store.save([_capture(number, payload, now, edition) for number, payload in enumerate(PAYLOADS)], run)
            store.finish_run(run, "finished", PAYLOADS[edition], {})


def _capture(number: int, payload: str, at: datetime, edition: int) -> Capture:
    url = f"{SITE}/{number}?q=%22%3E%3Cscript%3E{RUN}%3C/script%3E"
    other = PAYLOADS[(number + 1) % len(PAYLOADS)]
    kinds = ("paragraph", "heading", "list_item", "quote", "caption")
    article = Article(
        url=url,
        title=f"{payload} {'again' if edition else ''}",
        description=payload,
        body_blocks=[BodyBlock(kinds[number % len(kinds)], text) for text in (payload, other, f"The ferry is late, {edition}.")],
        authors=[payload, other],
        section=payload,
        tags=[payload, other],
        language="en",
        image_url=f"javascript:{RUN}",
        site_name=payload,
        date_published="2026-05-01T08:00:00Z",
        date_published_raw=payload,
        teasers=[_teaser(number, payload), _teaser(number + 1, other)],
    )
    page = Page(url=url, final_url=None, body=f"<h1>{payload}</h1>{edition}".encode(), status=200, headers={}, fetched_at=at)
    read = Extraction(article=article, rules={"title": payload}, confidence=0.5, flags=[])
    return Capture(url=url, outcome=Outcome.STORED, page=page, extraction=read, keep_raw=True)


def _teaser(number: int, payload: str) -> Teaser:
    return Teaser(
        title=payload,
        url=(f"{SITE}/{number}", f"javascript:{RUN}//{number}", f"data:text/html,<script>{RUN}</script>{number}")[number % 3],
        position=number % 2,
        kind="related",
        module=payload,
        category=payload,
        credit=payload,
        excerpt=payload,
        image_url=f"javascript:{RUN}",
        date_published_raw=payload,
    )
