"""Databases of earlier releases: made by migrating only that far and filled as they were then, upgraded, used on."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from gridsvc.errors import NotReady
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Layer
from gridsvc.store import current_schema, open_store, upgrade
from gridsvc.store.column_types import SRID
from gridsvc.store.database import Database, connect_engine, parse_url
from gridsvc.store.migrations import REVISIONS
from gridsvc.store.rows import encode_changes, encode_features
from gridsvc.store.schema import migrate
from tests.fixtures.tiny_city import tiny_territory
from tests.gridsvc.store.scenario import NOW, names_of, person, publish_cells, renamed

OLD = datetime(2026, 1, 5, 8, tzinfo=UTC)
ROSTER = {
    "0001": [("people", "P1", 1, "first"), ("people", "P2", 1, "second"), ("people", "P1", 2, "first again")],
    "0002": [("people", "P1", 2, "first"), ("people", "P2", 2, "second"), ("people", "P1", 1, "first again")],
}
"""(table, key, revision or batch, name): in 0002 the batch that began first was finished last."""
BATCHES = {"0001": [], "0002": [(1, 2), (2, 1), (3, None)]}
"""(batch, its revision); one was never finished."""


@pytest.fixture(params=["0001", "0002"])
def old_url(request: pytest.FixtureRequest, bare_url: str) -> str:
    """A database as that release left it."""
    migrate(parse_url(bare_url), "upgrade", request.param)
    with closing(Database(connect_engine(parse_url(bare_url)))) as database, database.write() as connection:
        _write_territory(connection)
        _write_roster(connection, request.param)
        _insert(
            connection, "acceptance", id=1, issue_id="OVERLAP:cells:1", reason="agreed", accepted_at=_at(connection)
        )
    return bare_url


def _at(connection: Connection) -> Any:
    return OLD.strftime("%Y-%m-%d %H:%M:%S.%f") if connection.dialect.name == "sqlite" else OLD


def _insert(connection: Connection, table: str, **values: Any) -> None:
    spatial = connection.dialect.name == "postgresql"
    places = [
        f"ST_GeomFromWKB(:{name}, {SRID})" if spatial and name == "geometry" and value is not None else f":{name}"
        for name, value in values.items()
    ]
    columns = ", ".join(f'"{name}"' for name in values)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(places)})"), values)


def _write_territory(connection: Connection) -> None:
    """The layers that there were then, as edition 1, and a draft that was left open."""
    territory, number = tiny_territory(), 0
    sides = {"west": 116.4, "south": 39.9, "east": 116.403, "north": 39.903}
    about = {"crs": "EPSG:4548", "counts": '{"cells":9}', "digest": "0" * 64, "comment": "first"}
    _insert(
        connection, "edition", number=1, effective_from=_at(connection), published_at=_at(connection), **sides, **about
    )
    for layer in (Layer.AREAS, Layer.CELLS, Layer.GROUPS, Layer.SEGMENTS, Layer.COMPONENTS):
        for row in encode_features(layer, territory.layer(layer)):
            number += 1
            _insert(connection, "feature", **{"id": number, **row})
            _insert(connection, "span", feature_id=number, first_edition=1)
    about = {"based_on": 1, "revision": 1, "state": "OPEN", "crs": "EPSG:4548", "comment": "left open"}
    _insert(connection, "draft", number=1, created_at=_at(connection), **about)
    gone = tiny_territory().cells[0]
    key = {"layer": "cells", "scheme": gone.scheme, "code": gone.code}
    _insert(connection, "draft_change", draft=1, revision=1, **key)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('feature', 'id'), {number})"))
        for table, column in (("draft", "number"), ("acceptance", "id")):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1)"))


def _write_roster(connection: Connection, release: str) -> None:
    about = {"appended_at": _at(connection), "comment": ""}
    if release == "0001":
        for revision in (1, 2):
            _insert(connection, "roster_revision", revision=revision, **about)
    for batch, revision in BATCHES[release]:
        _insert(connection, "roster_revision", batch=batch, revision=revision, **about)
    column = "revision" if release == "0001" else "batch"
    for _, key, number, name in ROSTER[release]:
        (row,) = encode_changes([person(key, name)])
        _insert(connection, "roster_log", **{**row, column: number})


def test_old_database_is_refused_until_it_is_upgraded(old_url: str) -> None:
    with pytest.raises(NotReady, match="db upgrade"):
        open_store(old_url)


def test_old_database_says_after_its_upgrade_what_it_said_before(old_url: str) -> None:
    upgrade(old_url)
    assert current_schema(old_url) == REVISIONS[-1]
    territory = tiny_territory()
    with closing(open_store(old_url)) as store:
        assert store.load_territory(1) == territory
        box = BoundingBox(116.4001, 39.9001, 116.4002, 39.9002)
        assert store.list_features_in_box(1, Layer.CELLS, box, 10) == [territory.cells[0]]
        assert store.state().roster_revision == 2
        assert names_of(store.load_roster(1)) == ["first", "second"]
        assert names_of(store.load_roster(2)) == ["first again", "second"]
        assert store.list_acceptances() == {"OVERLAP:cells:1": "agreed"}
        assert len(store.load_draft(1).cells) == 8
        assert (store.last_message(), store.list_accounts(), store.list_unended_jobs()) == (0, [], [])


def test_upgraded_database_is_worked_with(old_url: str) -> None:
    upgrade(old_url)
    with closing(open_store(old_url)) as store:
        publish_cells(store, renamed(tiny_territory().cells[1], "renamed"))
        assert store.state().edition == 2
        assert store.append_roster([person("P3", "third")], NOW) == 3
        assert names_of(store.load_roster())[-1] == "third"
        assert store.last_message() == 2


def test_messages_of_the_days_before_are_still_told(bare_url: str) -> None:
    migrate(parse_url(bare_url), "upgrade", "0005")
    with closing(Database(connect_engine(parse_url(bare_url)))) as database, database.write() as connection:
        about = {"topic": "incident.recorded", "body": "{}", "made_by": "clerk", "at": _at(connection)}
        _insert(connection, "outbox", number=1, areas="99 9901", departments="", **about)
    upgrade(bare_url)
    with closing(open_store(bare_url)) as store:
        [message] = store.list_messages(0, 10)
        assert (message.areas, message.departments, message.made_by) == (("99", "9901"), (), "clerk")


def test_the_first_release_knew_no_batches_and_no_jobs(bare_url: str) -> None:
    migrate(parse_url(bare_url), "upgrade", "0001")
    with closing(Database(connect_engine(parse_url(bare_url)))) as database, database.read() as connection:
        assert {column["name"] for column in inspect(connection).get_columns("roster_log")} >= {"revision"}
        assert not inspect(connection).has_table("job")
