"""The tables of sites' health, of schema version 4: what each run measured of each site, and the alarms raised on that."""

from __future__ import annotations

HEALTH_TABLES = (
    """CREATE TABLE site_measure(
  -- What a crawl measured of a site. Alarms are raised on the site's own history of these.
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- The crawl.
  site TEXT NOT NULL,              -- Name of the site's profile, else its registrable domain.
  measure TEXT NOT NULL,           -- `found`, `read`, `authors`, `outcome.stored`, ...; docs/guide/nightly.md lists them.
  value REAL NOT NULL,             -- A count, or a median.
  PRIMARY KEY(site, run_id, measure)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX site_measure_run ON site_measure(run_id)",
    """CREATE TABLE health_alarm(
  -- What is wrong with a site, from the night it began until it is over or accepted as the new normal.
  id INTEGER PRIMARY KEY,          -- Number within this archive.
  site TEXT NOT NULL,              -- As in `site_measure`.
  field TEXT NOT NULL,             -- What is unlike before: `found`, `authors`, `latency`, ...
  since TEXT NOT NULL,             -- UTC; start of the first run that was unlike the ones before.
  run_id INTEGER REFERENCES run(id) ON DELETE SET NULL, -- The newest run in which it was so.
  usual REAL NOT NULL,             -- What the field was before: a share, a number or milliseconds.
  value REAL NOT NULL,             -- What it was in the newest run in which it was so.
  raised_at TEXT NOT NULL,         -- UTC; when the alarm was raised.
  over_at TEXT,                    -- UTC; the field is as before again. NULL while it is not.
  accepted_at TEXT                 -- UTC; a person said that this is the new normal.
) STRICT""",
    "CREATE UNIQUE INDEX health_alarm_open ON health_alarm(site, field) WHERE over_at IS NULL AND accepted_at IS NULL",
)
"""Part of schema version 4. No address is kept in them: examples are looked up when they are shown."""
