"""Jobs and results as frames: JSON headers with the names of the field dictionary, page bytes as the body."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from newsarchive.model.candidate import Candidate
from newsarchive.model.extraction import Extraction
from newsarchive.model.page import Page
from newsarchive.sites.reading import ReadingRules
from newsarchive.workers.frames import Frame
from newsarchive.workers.job import Job, Result

_DEFAULTS = {item.name: (None if item.default is MISSING else item.default) for item in fields(Candidate)}
_CANDIDATE_NAMES = tuple(_DEFAULTS)


def job_frame(job: Job, number: int) -> Frame:
    """The frame of a job. `number` comes back in the answer."""
    page = job.page
    header = {
        "job": number,
        "kind": job.kind,
        "depth": job.depth,
        "site_blocks": None if job.site_blocks is None else list(job.site_blocks),
        "reading": None if job.reading is None else job.reading.as_record(),
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "headers": dict(page.headers),
        "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
    }
    return Frame(header, page.body)


def job_of(frame: Frame) -> Job:
    """The inverse of `job_frame`."""
    header = frame.header
    fetched_at = header["fetched_at"]
    page = Page(
        url=header["url"],
        body=frame.body,
        final_url=header["final_url"],
        status=header["status"],
        headers=header["headers"],
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else None,
    )
    reading = None if header["reading"] is None else ReadingRules.from_record(header["reading"])
    return Job(page=page, kind=header["kind"], depth=header["depth"], site_blocks=header["site_blocks"], reading=reading)


def result_frame(result: Result, number: int) -> Frame:
    """The frame of a result."""
    header = {
        "job": number,
        "kind": result.kind,
        "extraction": result.extraction.as_record() if result.extraction else None,
        "candidates": [_candidate_record(candidate) for candidate in result.candidates],
        "detail": result.detail,
        "opt_outs": list(result.opt_outs),
    }
    return Frame(header)


def result_of(frame: Frame) -> Result:
    """The inverse of `result_frame`. Raises KeyError, TypeError or ValueError for a header that is none of ours."""
    header = frame.header
    extraction = header["extraction"]
    return Result(
        kind=header["kind"],
        extraction=Extraction.from_record(extraction) if extraction is not None else None,
        candidates=[Candidate(**record) for record in header["candidates"]],
        detail=header["detail"],
        opt_outs=tuple(header["opt_outs"]),
    )


def _candidate_record(candidate: Candidate) -> dict[str, Any]:
    """Only what differs from the default: a sitemap has 50,000 of them."""
    return {name: value for name in _CANDIDATE_NAMES if (value := getattr(candidate, name)) != _DEFAULTS[name]}
