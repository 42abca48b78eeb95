"""The tables of an archive, one column a line with its meaning: docs/reference/schema.md is made from these comments.

Small columns stand before long texts, so that filters and sorting never walk through overflow pages.
This is schema version 1; later versions are further migrations (`migrations.py`), never edits of a released one.
"""

from __future__ import annotations

APPLICATION_ID = 1314013507
"""`NRAC` in the file's header: file(1) and we can tell what the file is."""

TABLES = (
    """CREATE TABLE archive_info(
  -- Facts about the archive itself.
  key TEXT PRIMARY KEY,            -- Name of the fact: `created_at`, `created_by`.
  value TEXT                       -- Its value.
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE run(
  -- One crawl. A killed or interrupted run that is taken up again keeps its row.
  id INTEGER PRIMARY KEY,          -- Number within this archive.
  uuid TEXT NOT NULL UNIQUE,       -- Name of the run in every archive.
  plan_digest TEXT NOT NULL,       -- Digest of seeds and options: the same plan resumes an unfinished run.
  seeds TEXT NOT NULL CHECK(json_valid(seeds)), -- JSON list of the addresses the crawl was started with.
  status TEXT NOT NULL CHECK(status IN ('running','finished','interrupted','failed','killed')), -- `killed`: found unfinished later.
  started_at TEXT NOT NULL,        -- UTC.
  heartbeat_at TEXT,               -- UTC; the last sign of life.
  finished_at TEXT,                -- UTC; NULL while unfinished.
  finish_reason TEXT,              -- Why it ended: `finished`, `max_pages`, ...
  sessions INTEGER NOT NULL DEFAULT 1, -- Processes that worked on it: 1 and one for each resumption.
  command TEXT,                    -- The command line.
  host TEXT,                       -- Machine of the last session.
  pid INTEGER,                     -- Process of the last session.
  settings TEXT CHECK(settings IS NULL OR json_valid(settings)), -- JSON: the plan.
  software TEXT CHECK(software IS NULL OR json_valid(software)), -- JSON: versions.
  stats TEXT CHECK(stats IS NULL OR json_valid(stats))           -- JSON: figures at the end.
) STRICT""",
    """CREATE TABLE raw(
  -- Pages as they were received, by digest.
  id INTEGER PRIMARY KEY,          -- Internal number.
  sha256 TEXT NOT NULL UNIQUE CHECK(length(sha256)=64), -- Digest of the bytes as received, hexadecimal.
  size INTEGER NOT NULL,           -- Bytes before compression.
  codec TEXT NOT NULL CHECK(codec IN ('none','zstd','zstd-ref')), -- `zstd-ref`: compressed against the page `ref_id`.
  ref_id INTEGER REFERENCES raw(id), -- The older page of the same site that serves as reference.
  host TEXT NOT NULL,              -- Host the page came from.
  data BLOB NOT NULL               -- Compressed bytes.
) STRICT""",
    "CREATE INDEX raw_keyframes ON raw(host, id) WHERE codec='zstd'",
    "CREATE INDEX raw_ref ON raw(ref_id) WHERE ref_id IS NOT NULL",
    """CREATE TABLE fetch(
  -- Provenance: one row for each request that was sent.
  id INTEGER PRIMARY KEY,          -- Internal number.
  run_id INTEGER REFERENCES run(id) ON DELETE SET NULL, -- The run that sent it.
  url TEXT NOT NULL,               -- Address asked for.
  final_url TEXT,                  -- Address that answered, where it is another one.
  host TEXT NOT NULL,              -- Host asked.
  kind TEXT NOT NULL CHECK(kind IN ('page','listing','feed','sitemap','robots')), -- What the address was taken for.
  fetched_at TEXT NOT NULL,        -- UTC.
  status INTEGER,                  -- HTTP status; NULL where no answer came.
  elapsed_ms INTEGER,              -- Milliseconds from request to answer.
  outcome TEXT NOT NULL,           -- What this attempt came to.
  detail TEXT,                     -- A few words more.
  is_final INTEGER NOT NULL CHECK(is_final IN (0,1)), -- 0: the address was to be tried again.
  content_type TEXT,               -- Content-Type header.
  etag TEXT,                       -- ETag header.
  last_modified TEXT,              -- Last-Modified header.
  headers TEXT CHECK(headers IS NULL OR json_valid(headers)), -- JSON: the headers that matter.
  opt_outs TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(opt_outs)), -- JSON list of opt-out signals in headers and markup.
  raw_id INTEGER REFERENCES raw(id) ON DELETE SET NULL, -- The page as received; NULL where it is not kept.
  raw_sha256 TEXT                  -- Its digest, which stays when the page is purged.
) STRICT""",
    "CREATE INDEX fetch_url ON fetch(url, fetched_at)",
    "CREATE INDEX fetch_run ON fetch(run_id)",
    "CREATE INDEX fetch_raw ON fetch(raw_id) WHERE raw_id IS NOT NULL",
    """CREATE TABLE outcome(
  -- The verdict: exactly one for each address of a run.
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- The run.
  url TEXT NOT NULL,               -- Address.
  host TEXT NOT NULL,              -- Its host.
  outcome TEXT NOT NULL,           -- One of the list in the documentation: `stored`, `unchanged`, `http_4xx`, ...
  detail TEXT,                     -- A few words more.
  decided_at TEXT NOT NULL,        -- UTC.
  PRIMARY KEY(run_id, url)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX outcome_kind ON outcome(run_id, outcome)",
    """CREATE TABLE article(
  -- One row for each article, in its newest text.
  id INTEGER PRIMARY KEY,          -- Internal number, only of this archive; cite `article_id`.
  article_id TEXT NOT NULL UNIQUE, -- Short digest of the article's identity, the same in every archive.
  published_utc TEXT,              -- `date_published` in UTC for sorting and filtering, no more precise than the page was.
  site TEXT NOT NULL,              -- Registrable domain: `example.co.uk`.
  host TEXT NOT NULL,              -- Host: `www.example.co.uk`.
  language TEXT,                   -- BCP 47.
  section TEXT,                    -- Section the page names.
  word_count INTEGER NOT NULL,     -- Words of the body; for Chinese, Japanese and Korean, characters.
  is_paywalled INTEGER CHECK(is_paywalled IN (0,1)), -- Whether the page says that it costs money; NULL where it says nothing.
  first_seen TEXT NOT NULL,        -- UTC; first capture.
  last_seen TEXT NOT NULL,         -- UTC; last capture with an article.
  missing_since TEXT,              -- UTC; the address answered 404 since then.
  gone_at TEXT,                    -- UTC; the publisher removed the article (410, or 404 twice a day apart).
  revisions INTEGER NOT NULL DEFAULT 1, -- Texts the publisher showed, the newest included.
  cluster_id INTEGER,              -- Articles with nearly the same text share it.
  first_run_id INTEGER REFERENCES run(id) ON DELETE SET NULL, -- The run that found the article.
  fetch_id INTEGER REFERENCES fetch(id) ON DELETE SET NULL,   -- The capture that this text was read from.
  content_hash TEXT NOT NULL,      -- SHA-256 of title and body.
  extractor TEXT NOT NULL,         -- Program that read the page.
  extractor_version TEXT NOT NULL, -- Its version.
  extracted_at TEXT NOT NULL,      -- UTC.
  confidence REAL NOT NULL,        -- 0 to 1: how sure the reading is.
  title TEXT,                      -- Headline without the site's name.
  url TEXT NOT NULL,               -- Final address.
  canonical_url TEXT,              -- The page's own canonical address, where it passed the checks.
  identity TEXT NOT NULL,          -- The address as it is compared: canonical, else final.
  source_url TEXT NOT NULL,        -- The address the crawl asks for the article.
  date_published TEXT,             -- ISO 8601 in the precision and zone of the page.
  date_modified TEXT,              -- As `date_published`.
  date_published_raw TEXT,         -- The date as the page wrote it.
  authors TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(authors)), -- JSON list of names.
  tags TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(tags)),       -- JSON list.
  image_url TEXT,                  -- Main picture.
  site_name TEXT,                  -- Name the site gives itself.
  rules TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(rules)),     -- JSON: field -> rule that won.
  flags TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(flags)),     -- JSON list: `truncated`, `mojibake`, ...
  opt_outs TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(opt_outs)), -- JSON list of opt-out signals of the page.
  description TEXT,                -- Standfirst or summary.
  body TEXT NOT NULL,              -- Text, blocks joined by blank lines.
  body_blocks TEXT NOT NULL CHECK(json_valid(body_blocks)), -- JSON list of {kind, text} in reading order.
  cjk TEXT,                        -- Chinese, Japanese and Korean characters apart, for the search index.
  minhash BLOB                     -- Signature for near-duplicates.
) STRICT""",
    "CREATE INDEX article_published ON article(published_utc)",
    "CREATE INDEX article_site_published ON article(site, published_utc)",
    "CREATE INDEX article_section ON article(section, published_utc)",
    "CREATE INDEX article_hash ON article(content_hash)",
    "CREATE INDEX article_source ON article(source_url)",
    "CREATE INDEX article_identity ON article(identity)",
    "CREATE INDEX article_fetch ON article(fetch_id)",
    "CREATE INDEX article_cluster ON article(cluster_id) WHERE cluster_id IS NOT NULL",
    "CREATE INDEX article_extractor ON article(extractor, extractor_version)",
    """CREATE TABLE article_revision(
  -- Superseded texts only; the newest is in `article`.
  article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- `article.id`.
  seq INTEGER NOT NULL,            -- 1 is the oldest.
  reason TEXT NOT NULL CHECK(reason IN ('edit','extractor')), -- `edit`: by the publisher; `extractor`: read differently.
  first_seen TEXT NOT NULL,        -- UTC; the text was first seen then.
  replaced_at TEXT NOT NULL,       -- UTC; the next text was first seen then.
  title TEXT,                      -- As in `article`.
  description TEXT,                -- As in `article`.
  authors TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(authors)), -- As in `article`.
  date_published TEXT,             -- As in `article`.
  date_modified TEXT,              -- As in `article`.
  content_hash TEXT NOT NULL,      -- As in `article`.
  fetch_id INTEGER REFERENCES fetch(id) ON DELETE SET NULL, -- The capture this text was read from.
  extractor TEXT NOT NULL,         -- As in `article`.
  extractor_version TEXT NOT NULL, -- As in `article`.
  body TEXT NOT NULL,              -- As in `article`.
  body_blocks TEXT NOT NULL CHECK(json_valid(body_blocks)), -- As in `article`.
  PRIMARY KEY(article_id, seq)
) STRICT""",
    "CREATE INDEX revision_replaced ON article_revision(replaced_at)",
    "CREATE INDEX revision_fetch ON article_revision(fetch_id)",
    """CREATE TABLE url_alias(
  -- Other addresses of an article, as identities.
  url TEXT PRIMARY KEY,            -- Identity of the other address.
  article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- `article.id`.
  reason TEXT NOT NULL CHECK(reason IN ('canonical','redirect')), -- The page named its canonical address, or the server redirected.
  first_seen TEXT NOT NULL         -- UTC.
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX url_alias_article ON url_alias(article_id)",
    """CREATE TABLE redirect(
  -- Addresses that lead to others, as identities: this is how a moved article is found under its old address.
  url TEXT PRIMARY KEY,            -- Identity of the address that redirects.
  target TEXT NOT NULL,            -- Identity of the address it leads to.
  last_seen TEXT NOT NULL          -- UTC.
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE teaser(
  -- Distinct teasers; where and when each was shown is in `placement`.
  id INTEGER PRIMARY KEY,          -- Internal number.
  hash TEXT NOT NULL UNIQUE,       -- Digest of what is shown.
  url TEXT NOT NULL,               -- Address as written on the page.
  identity TEXT NOT NULL,          -- The address as it is compared.
  site TEXT NOT NULL,              -- Registrable domain of the address.
  title TEXT NOT NULL,             -- Headline as shown.
  category TEXT,                   -- Kicker, section or brand label.
  date_published TEXT,             -- ISO 8601 in the precision shown.
  date_published_raw TEXT,         -- The date as shown.
  credit TEXT,                     -- Photo or agency credit.
  excerpt TEXT,                    -- Text below the headline.
  image_url TEXT,                  -- Picture.
  first_seen TEXT NOT NULL,        -- UTC.
  last_seen TEXT NOT NULL          -- UTC.
) STRICT""",
    "CREATE INDEX teaser_identity ON teaser(identity)",
    """CREATE TABLE placement(
  -- One appearance of a teaser: what was promoted where, when and at which position.
  fetch_id INTEGER NOT NULL REFERENCES fetch(id) ON DELETE CASCADE, -- The capture of the page that shows it.
  position INTEGER NOT NULL,       -- Place among the page's teasers, from 0.
  teaser_id INTEGER NOT NULL REFERENCES teaser(id) ON DELETE CASCADE, -- What was shown.
  kind TEXT NOT NULL CHECK(kind IN ('related','inline','list')), -- How it stood on the page.
  module TEXT,                     -- Heading of its block.
  page_article_id INTEGER REFERENCES article(id) ON DELETE CASCADE, -- `article.id` of the page; NULL on listings.
  PRIMARY KEY(fetch_id, position)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX placement_teaser ON placement(teaser_id)",
    "CREATE INDEX placement_page ON placement(page_article_id) WHERE page_article_id IS NOT NULL",
    """CREATE TABLE source(
  -- Feeds, sitemaps and listing pages, and what they yield.
  url TEXT PRIMARY KEY,            -- Address.
  kind TEXT NOT NULL CHECK(kind IN ('page','listing','feed','sitemap','robots')), -- What it is.
  site TEXT NOT NULL,              -- Registrable domain.
  found_on TEXT,                   -- Where it was named.
  etag TEXT,                       -- For the next conditional request.
  last_modified TEXT,              -- For the next conditional request.
  first_seen TEXT NOT NULL,        -- UTC.
  last_fetched_at TEXT NOT NULL,   -- UTC.
  next_due_at TEXT NOT NULL,       -- UTC; adapts to what the source yields.
  interval_seconds INTEGER NOT NULL, -- Between two visits.
  fetches INTEGER NOT NULL,        -- Visits.
  last_links INTEGER NOT NULL,     -- Addresses it named at the last visit.
  last_new INTEGER NOT NULL,       -- How many of them were new.
  total_new INTEGER NOT NULL       -- New addresses over all visits.
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE frontier(
  -- Every address the crawls know, and what is to be done with it.
  id INTEGER PRIMARY KEY,          -- Internal number.
  url TEXT NOT NULL UNIQUE,        -- Normalised address: what is requested.
  identity TEXT NOT NULL UNIQUE,   -- The address as it is compared: one row for all its spellings.
  host TEXT NOT NULL,              -- Unit of politeness.
  kind TEXT NOT NULL CHECK(kind IN ('page','listing','feed','sitemap','robots')), -- What it is taken for.
  state TEXT NOT NULL CHECK(state IN ('queued','leased','deferred','done')), -- `leased`: with the crawl; `deferred`: to be tried later.
  run_id INTEGER NOT NULL,         -- The run that queued it last.
  priority INTEGER NOT NULL,       -- Smaller is earlier: sources, then newest first.
  not_before TEXT,                 -- UTC; for deferred ones.
  attempts INTEGER NOT NULL DEFAULT 0, -- Attempts of this run that were to be repeated.
  depth INTEGER NOT NULL,          -- Links followed from a seed.
  found_on TEXT,                   -- Where the address was named.
  found_by TEXT NOT NULL,          -- How: `seed`, `link`, `feed`, ...
  hints TEXT NOT NULL CHECK(json_valid(hints)), -- JSON: title and dates of the feed or sitemap, redirects so far.
  last_outcome TEXT,               -- Verdict of the last run that handled it.
  last_done_run INTEGER,           -- That run.
  next_due_at TEXT,                -- UTC; when it is to be visited again.
  etag TEXT,                       -- For the next conditional request.
  last_modified TEXT               -- For the next conditional request.
) STRICT""",
    "CREATE INDEX frontier_next ON frontier(run_id, host, priority, url) WHERE state='queued'",
    "CREATE INDEX frontier_deferred ON frontier(run_id, not_before) WHERE state='deferred'",
    "CREATE INDEX frontier_leased ON frontier(run_id) WHERE state='leased'",
    "CREATE INDEX frontier_run ON frontier(run_id, state)",
    "CREATE INDEX frontier_known ON frontier(host, next_due_at) WHERE state='done'",
    """CREATE TABLE tombstone(
  -- What was removed on request and is not archived again. Only digests are kept.
  identity_sha256 TEXT PRIMARY KEY, -- SHA-256 of the address's identity, or of the site's name.
  scope TEXT NOT NULL CHECK(scope IN ('url','site')), -- One address or a whole site.
  removed_at TEXT NOT NULL,        -- UTC.
  reason TEXT NOT NULL,            -- As given with the request.
  reference TEXT                   -- File number or letter, as given with the request.
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE saved_query(
  -- Questions worth asking again.
  name TEXT PRIMARY KEY,           -- Short name.
  title TEXT,                      -- For people.
  description TEXT,                -- What it answers.
  sql TEXT NOT NULL,               -- The query.
  chart TEXT                       -- JSON: how to draw it.
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE site_block(
  -- Text blocks that repeat on pages of a site and are therefore no article text.
  site TEXT NOT NULL,              -- Registrable domain.
  block_hash TEXT NOT NULL,        -- Digest of the folded text.
  pages INTEGER NOT NULL,          -- Distinct articles it stood on.
  first_seen TEXT NOT NULL,        -- UTC.
  last_seen TEXT NOT NULL,         -- UTC.
  PRIMARY KEY(site, block_hash)
) STRICT, WITHOUT ROWID""",
)
"""Tables and indexes of schema version 1, in the order they are made."""

TEXT_PRINTS = (
    """CREATE TABLE text_print(
  -- Index for near-duplicate texts: the prints in `article.minhash`, by print.
  print INTEGER NOT NULL,          -- Digest of four words in a row of a body.
  article_id INTEGER NOT NULL,     -- `article.id`.
  PRIMARY KEY(print, article_id)
) STRICT, WITHOUT ROWID""",
)
"""Schema version 2. No foreign key: its check would need an index of the articles, as large as the table itself."""

SHAPE_TALLIES = (
    """CREATE TABLE shape_tally(
  -- Addresses of one shape that came to nothing in an unfinished run: traps are left after some.
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- The run.
  shape TEXT NOT NULL,             -- Host and path with letters for what varies.
  idle INTEGER NOT NULL,           -- Requests since one gave or led to an article.
  unproven INTEGER NOT NULL,       -- Addresses like articles that were led to, none of them proved yet.
  PRIMARY KEY(run_id, shape)
) STRICT, WITHOUT ROWID""",
)
"""Schema version 3."""

MISSING_INDEXES = (
    "CREATE INDEX IF NOT EXISTS raw_keyframes ON raw(host, id) WHERE codec='zstd'",
    "DROP INDEX IF EXISTS frontier_known",
    "CREATE INDEX frontier_known ON frontier(host, next_due_at) WHERE state='done'",
)
"""Schema version 2: the first archives were made without these, or with others under their names."""
