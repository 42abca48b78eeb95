"""The tables of unattended crawls, one column a line with its meaning. This is schema version 4.

They stand beside `run`, whose row every crawl has: what is known of a run only because somebody watched it.
"""

from __future__ import annotations

NIGHTS = (
    """CREATE TABLE run_record(
  -- What is known of a run beyond its row: its last progress, how its command ended, why each site ran or did not.
  run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE, -- The run.
  progress_at TEXT,                -- UTC; the last answer or verdict. Old while `run.heartbeat_at` is new: it waits.
  exit_code INTEGER,               -- How `newsarchive run` ended; NULL while it runs, and for other commands.
  is_night INTEGER NOT NULL DEFAULT 0 CHECK(is_night IN (0,1)), -- Whether `newsarchive run` has written down its end.
  record TEXT CHECK(record IS NULL OR json_valid(record)) -- JSON: why each site ran or did not, why the run was ended, notes.
) STRICT""",
    """CREATE TABLE run_step(
  -- What `newsarchive run` did around its crawl, in the order it was done.
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- The run.
  seq INTEGER NOT NULL,            -- From 1; a run that is taken up goes on counting.
  name TEXT NOT NULL,              -- `crawl`, `health`, `retention`, `backup`, `optimize`, `report`, `notify`, ...
  status TEXT NOT NULL CHECK(status IN ('done','failed','skipped','timed_out')), -- What came of it.
  started_at TEXT NOT NULL,        -- UTC.
  finished_at TEXT NOT NULL,       -- UTC.
  detail TEXT CHECK(detail IS NULL OR json_valid(detail)), -- JSON: figures, and for a failure the sentence.
  PRIMARY KEY(run_id, seq)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE run_site(
  -- What a run of `newsarchive run` came to on one site: the history that schedules and health are judged by.
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- The run.
  site TEXT NOT NULL,              -- Name of the site's profile; without a profile, its registrable domain.
  status TEXT NOT NULL CHECK(status IN ('finished','unfinished','failed','skipped')), -- `skipped`: a wrong profile.
  due_at TEXT,                     -- UTC; the moment of its schedule that was answered; NULL where it was asked for by name.
  started_at TEXT NOT NULL,        -- UTC.
  finished_at TEXT NOT NULL,       -- UTC; the last answer or verdict.
  requests INTEGER NOT NULL,       -- Requests that were sent.
  bytes INTEGER NOT NULL,          -- Bytes of the pages that were kept, as received.
  outcomes TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(outcomes)), -- JSON: outcome -> number of addresses.
  PRIMARY KEY(run_id, site)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX run_site_history ON run_site(site, run_id)",
)
"""Schema version 4."""
