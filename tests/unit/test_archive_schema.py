"""The schema is described, made by migrations, and older archives are brought to it in one step or not at all."""

from __future__ import annotations

import sqlite3

import pytest
import sqlite_utils
from archive_samples import PLAN, SITE, article, teaser

from newsarchive.archive import migrations as module
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.migrations import SCHEMA_VERSION, migrate, migrations
from newsarchive.archive.reader import open_archive
from newsarchive.archive.schema_reference import described, schema_page
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import DiskFull, UnreadablePage
from newsarchive.model.article import ARTICLE_FIELDS
from newsarchive.model.candidate import UrlKind
from newsarchive.model.teaser import Teaser


@pytest.fixture
def connection():
    opened = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(sqlite_utils.Database(opened, execute_plugins=False))
    yield opened
    opened.close()


def test_every_table_view_and_column_has_its_meaning(connection):
    for relation in described(connection, "table") + described(connection, "view"):
        assert relation.about.endswith("."), relation.name
    for table in described(connection, "table"):
        missing = [column.name for column in table.columns if not column.meaning]
        assert not missing, f"{table.name}: say in archive/schema.py what {', '.join(missing)} mean"


def test_the_field_dictionary_is_the_columns_of_article(connection):
    columns = {row[1] for row in connection.execute("PRAGMA table_info(article)")}
    assert set(ARTICLE_FIELDS) - columns == {"teasers"}
    shown = {row[1] for table in ("teaser", "placement") for row in connection.execute(f"PRAGMA table_info({table})")}
    assert set(Teaser.__dataclass_fields__) <= shown


def test_every_kind_of_address_can_be_stored(connection):
    sql = connection.execute("SELECT group_concat(sql) FROM sqlite_master WHERE name IN ('fetch','frontier','source')").fetchone()[0]
    for kind in UrlKind.__args__:
        assert sql.count(f"'{kind}'") == 3


def test_views_have_the_names_of_the_design_and_work(connection):
    views = [view.name for view in described(connection, "view")]
    assert views == ["articles", "revisions", "promotion", "errors", "syndication", "articles_per_day", "authors"]
    for view in views:
        connection.execute(f"SELECT * FROM {view}").fetchall()


def test_tables_are_strict_and_integrity_holds(connection):
    for name, strict in connection.execute("SELECT name, strict FROM pragma_table_list WHERE type='table' AND schema='main'").fetchall():
        assert strict or name.startswith(("sqlite_", "_sqlite", "article_fts")), name


def test_the_page_is_made_from_the_schema():
    page = schema_page()
    assert page.index("### articles") < page.index("### article\n")
    assert "| `date_published` | text | ISO 8601 in the precision and zone of the page. |" in page


def old_archive(path):
    """An archive of the version before, as far as migrating is concerned."""
    with Store(path) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/a", teasers=[teaser("More")]), article("/b", "Other")], run)
        store.finish_run(run, "finished", "finished")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


@pytest.fixture
def next_version(monkeypatch):
    """The program as it will be after one more migration."""
    later = module.Migrations("newsarchive")
    later._migrations = list(migrations._migrations)

    @later()
    def second(database):
        database.conn.execute("ALTER TABLE article ADD COLUMN mood TEXT")
        database.conn.execute("UPDATE article SET mood='calm'")
        if failure:
            raise failure[0]

    failure: list[BaseException] = []
    monkeypatch.setattr(module, "migrations", later)
    monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    return failure


def test_an_older_archive_is_copied_aside_and_migrated(tmp_path, next_version):
    path = tmp_path / "a.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "migrations", migrations)
        patch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION)
        old_archive(path)
    before = list(canonical_dump(path))
    with Store(path) as store:
        assert [row[0] for row in store._connection.execute("SELECT mood FROM article")] == ["calm", "calm"]
    assert list(canonical_dump(path)) == before
    [backup] = tmp_path.glob("a.db.before-*")
    assert list(canonical_dump(backup)) == before
    connection = sqlite3.connect(backup)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
    assert verify(path).is_sound


@pytest.mark.parametrize("error", [sqlite3.OperationalError("no"), KeyboardInterrupt(), UnreadablePage("x")])
def test_a_migration_that_fails_leaves_the_archive_as_it_was(tmp_path, next_version, error):
    path = tmp_path / "a.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "migrations", migrations)
        patch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION)
        old_archive(path)
        before = path.read_bytes()
    next_version.append(error)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - whatever it was
        Store(path)
    assert path.read_bytes() == before
    next_version.clear()
    Store(path).close()


def test_reading_an_older_archive_does_not_change_it(tmp_path, next_version):
    path = tmp_path / "a.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "migrations", migrations)
        patch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION)
        old_archive(path)
    before = path.read_bytes()
    with open_archive(path) as archive:
        assert len(archive) == 2
    assert path.read_bytes() == before


def test_making_an_archive_on_a_full_disk_leaves_no_half_archive(tmp_path, monkeypatch):
    def full(connection, path):
        connection.execute("PRAGMA max_page_count=4").fetchone()
        return migrate(connection, path)

    monkeypatch.setattr("newsarchive.archive.store.migrate", full)
    with pytest.raises(DiskFull):
        Store(tmp_path / "a.db")
    assert not (tmp_path / "a.db").exists()


def test_the_archive_opens_in_sqlite_utils(tmp_path):
    old_archive(tmp_path / "a.db")
    database = sqlite_utils.Database(tmp_path / "a.db")
    assert database["articles"].count == 2
    assert [migration.name for migration in migrations.applied(database)] == [
        "first_schema",
        "second_schema",
        "third_schema",
        "fourth_schema",
    ]
    assert database["article"].detect_fts() == "article_fts"
    database.close()
