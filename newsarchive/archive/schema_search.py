"""The search index with its triggers, and the views analysts read."""

from __future__ import annotations

_COLUMNS = "title, description, body, authors, cjk"
_NEW = "new.title, new.description, new.body, new.authors, new.cjk"
_OLD = "old.title, old.description, old.body, old.authors, old.cjk"

_WEIGHTS = "10.0, 4.0, 1.0, 5.0, 1.0"
RANKING = f"bm25(article_fts, {_WEIGHTS})"
"""What a hit is worth, smaller is better: a word in the title counts ten times one in the body, in a name five times."""

FULL_TEXT = (
    f"""CREATE VIRTUAL TABLE article_fts USING fts5({_COLUMNS},
  content="article", content_rowid="id", tokenize="unicode61 remove_diacritics 2")""",
    f"INSERT INTO article_fts(article_fts, rank) VALUES('rank', 'bm25({_WEIGHTS})')",
    f"""CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN
  INSERT INTO article_fts(rowid, {_COLUMNS}) VALUES(new.id, {_NEW}); END""",
    f"""CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN
  INSERT INTO article_fts(article_fts, rowid, {_COLUMNS}) VALUES('delete', old.id, {_OLD}); END""",
    f"""CREATE TRIGGER article_fts_update AFTER UPDATE OF {_COLUMNS} ON article
 WHEN old.title IS NOT new.title OR old.description IS NOT new.description OR old.body IS NOT new.body
   OR old.authors IS NOT new.authors OR old.cjk IS NOT new.cjk BEGIN
  INSERT INTO article_fts(article_fts, rowid, {_COLUMNS}) VALUES('delete', old.id, {_OLD});
  INSERT INTO article_fts(rowid, {_COLUMNS}) VALUES(new.id, {_NEW}); END""",
)
"""External-content index with weighted columns; the update trigger fires only where a word can have changed."""

VIEWS = (
    """CREATE VIEW articles AS
  -- Start here: one row for each article with what most questions need.
  SELECT a.article_id, a.published_utc, a.site, a.title, a.section, a.language, a.authors, a.word_count, a.is_paywalled,
    a.revisions, CASE WHEN a.gone_at IS NOT NULL THEN 'gone' WHEN a.missing_since IS NOT NULL THEN 'missing'
      WHEN EXISTS(SELECT 1 FROM redirect r JOIN article t ON t.identity = r.target WHERE r.url = a.identity AND t.id <> a.id) THEN 'moved'
      ELSE 'online' END AS state,
    a.url, a.canonical_url, a.description, a.body, a.date_published, a.date_modified, a.tags, a.image_url, a.site_name,
    a.first_seen, a.last_seen, a.id
  FROM article a""",
    """CREATE VIEW revisions AS
  -- Every text of every article, the newest with `replaced_at` NULL.
  SELECT a.article_id, r.seq, r.reason, r.first_seen, r.replaced_at, r.title, r.description, r.body, r.authors,
    r.date_modified, r.content_hash, r.extractor, r.extractor_version, a.site, a.url
  FROM article_revision r JOIN article a ON a.id = r.article_id
  UNION ALL
  SELECT a.article_id, coalesce((SELECT max(seq) FROM article_revision r WHERE r.article_id = a.id), 0) + 1, NULL,
    coalesce((SELECT max(replaced_at) FROM article_revision r WHERE r.article_id = a.id), a.first_seen), NULL, a.title,
    a.description, a.body, a.authors, a.date_modified, a.content_hash, a.extractor, a.extractor_version, a.site, a.url
  FROM article a""",
    """CREATE VIEW promotion AS
  -- Each appearance of a teaser: who promoted what, where and when.
  SELECT f.fetched_at, f.kind AS page_kind, f.url AS page_url, s.article_id AS page_article_id, p.position, p.kind, p.module,
    t.title, t.category, t.credit, t.date_published, t.url AS target_url, coalesce(d.article_id, u.article_id) AS target_article_id
  FROM placement p JOIN fetch f ON f.id = p.fetch_id JOIN teaser t ON t.id = p.teaser_id
    LEFT JOIN article s ON s.id = p.page_article_id
    LEFT JOIN article d ON d.identity = t.identity
    LEFT JOIN url_alias l ON l.url = t.identity LEFT JOIN article u ON u.id = l.article_id""",
    """CREATE VIEW errors AS
  -- What could not be had or read, by run, host and reason.
  SELECT run_id, host, outcome, detail, count(*) AS urls, min(decided_at) AS first, max(decided_at) AS last
  FROM outcome WHERE outcome NOT IN ('stored','updated','unchanged','source','redirected','not_article','duplicate','out_of_range',
    'robots','opted_out','blocked_address','blocked_scheme','trap','forgotten','gone','missing')
  GROUP BY run_id, host, outcome, detail""",
    """CREATE VIEW syndication AS
  -- The same story in several places (near-duplicate texts, or equal title and body), with who had it first.
  SELECT coalesce('c' || cluster_id, content_hash) AS cluster, count(*) AS copies, count(DISTINCT site) AS sites,
    min(coalesce(published_utc, first_seen)) AS first_published, site AS first_site, article_id AS first_article_id, title,
    group_concat(DISTINCT site) AS where_published
  FROM article GROUP BY 1 HAVING copies > 1""",
    """CREATE VIEW articles_per_day AS
  -- How many articles each site published on each day (UTC).
  SELECT substr(published_utc, 1, 10) AS day, site, count(*) AS articles
  FROM article WHERE published_utc IS NOT NULL GROUP BY 1, 2""",
    """CREATE VIEW authors AS
  -- One row for each author of each article.
  SELECT j.value AS author, a.site, a.published_utc, a.title, a.section, a.article_id
  FROM article a, json_each(a.authors) j""",
)
"""Views by the names of the design; `articles` comes first."""

VIEW_NAMES = frozenset(view.split()[2] for view in VIEWS)
"""Of our views; others are the analysts' own."""
