"""Migrations on both databases: up, down and up again, equal to the tables, with the spatial index alive after each."""

from contextlib import closing

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Text, text
from sqlalchemy.schema import SchemaItem

from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Layer
from gridsvc.store import SqlStore, current_schema, downgrade, open_store, upgrade
from gridsvc.store.box_index import rebuild_box_index
from gridsvc.store.database import Database, connect_engine, parse_url
from gridsvc.store.migrations import REVISIONS
from gridsvc.store.rosters import Batch
from gridsvc.store.rows import encode_changes
from gridsvc.store.tables import metadata
from tests.gridsvc.store.scenario import NOW, names_of, person, publish_cells, publish_tiny, renamed


def _ours(item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:
    """Leave out what belongs to PostGIS, the R*Tree's own tables and on SQLite, the GiST index."""
    if kind == "table":
        return name in metadata.tables
    return not (kind == "index" and name == "ix_feature_geometry")


def test_up_down_and_up_again(bare_url: str) -> None:
    assert current_schema(bare_url) is None
    upgrade(bare_url)
    newest = current_schema(bare_url)
    assert newest is not None
    downgrade(bare_url, "base")
    assert current_schema(bare_url) is None
    upgrade(bare_url)
    upgrade(bare_url)
    assert current_schema(bare_url) == newest
    with closing(open_store(bare_url)) as store:
        territory = publish_tiny(store)
        assert store.load_territory(1) == territory


def test_the_roster_goes_through_the_older_schema_without_unfinished_batches(bare_url: str) -> None:
    upgrade(bare_url)
    with closing(open_store(bare_url)) as store:
        slow = Batch(NOW, "begins first, ends last")
        with store._database.write() as connection:
            slow.write(connection, encode_changes([person("P1", "slow")]))
            Batch(NOW, "never ends").write(connection, encode_changes([person("P1", "lost"), person("P3", "lost")]))
        store.append_roster([person("P1", "quick"), person("P2", "quick")], NOW)
        with store._database.write() as connection:
            assert slow.finish(connection) == 2
        rosters = [store.load_roster(revision) for revision in (1, 2)]
    assert [names_of(roster) for roster in rosters] == [["quick", "quick"], ["slow", "quick"]]
    downgrade(bare_url, "0001")
    upgrade(bare_url)
    with closing(open_store(bare_url)) as store:
        assert [store.load_roster(revision) for revision in (1, 2)] == rosters
        assert store.append_roster([person("P3", "next")], NOW) == 3


def test_nothing_is_left_of_a_downgraded_database(bare_url: str) -> None:
    upgrade(bare_url)
    downgrade(bare_url, "base")
    names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    if not bare_url.startswith("sqlite"):
        names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    with closing(Database(connect_engine(parse_url(bare_url)))) as database, database.read() as connection:
        left = set(connection.scalars(text(names)))
    assert {name for name in left if not name.startswith("sqlite_autoindex")} <= {"alembic_version"}


def test_migrated_tables_are_those_of_the_program(store: SqlStore) -> None:
    with store._database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
        assert compare_metadata(context, metadata) == []


def test_a_migration_that_rebuilds_the_table_keeps_the_spatial_index(bare_url: str) -> None:
    upgrade(bare_url)
    with closing(open_store(bare_url)) as store:
        territory = publish_tiny(store)
    engine = connect_engine(parse_url(bare_url), foreign_keys=False)
    with closing(Database(engine)) as database, database.write() as connection:
        operations = Operations(MigrationContext.configure(connection))
        rebuild = "always" if database.is_sqlite else "auto"
        with operations.batch_alter_table("feature", recreate=rebuild) as batch:
            batch.add_column(Column("added", Text))
        rebuild_box_index(connection)
    with closing(open_store(bare_url)) as store:
        corner = BoundingBox(116.4005, 39.9005, 116.4005, 39.9005)
        assert store.list_features_in_box(1, Layer.CELLS, corner, 5) == [territory.cells[0]]
        publish_cells(store, renamed(territory.cells[0], "new"), remove=territory.cells[1:])
        assert [cell.name for cell in store.list_features_in_box(2, Layer.CELLS, corner, 5)] == ["new"]


def test_the_spatial_index_follows_every_change_of_a_row(sqlite_store: SqlStore) -> None:
    publish_tiny(sqlite_store)
    boxes = "SELECT count(*), min(west), max(east) FROM feature_rtree WHERE id IN (SELECT id FROM feature)"
    with sqlite_store._database.write() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        before = connection.execute(text(boxes)).one()
        connection.execute(text("UPDATE feature SET west = 10, east = 200 WHERE layer = 'cells'"))
        moved = connection.execute(text(boxes)).one()
        connection.execute(text("UPDATE feature SET west = NULL WHERE layer = 'cells'"))
        without = connection.execute(text(boxes)).one()
        connection.execute(text("DELETE FROM span"))
        connection.execute(text("DELETE FROM draft_change"))
        connection.execute(text("DELETE FROM feature"))
        after = connection.execute(text("SELECT count(*) FROM feature_rtree")).scalar_one()
    assert (before[0], moved[0], without[0], after) == (19, 19, 10, 0)
    assert (moved[1], moved[2]) == (10, 200)


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", "gridsvc.store:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert [script.revision for script in scripts] == list(reversed(REVISIONS))
