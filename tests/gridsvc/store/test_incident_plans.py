"""The usual questions about 20,000 incidents are answered along an index, without sorting them, on both databases."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from gridsvc.model.incidents import IncidentFilter, Sight
from gridsvc.model.places import BoundingBox
from gridsvc.store import SqlStore, open_store, upgrade
from gridsvc.store.case_tables import incident, incident_department
from gridsvc.store.incident_rows import encode_incident
from tests.fixtures.incidents import NOW, make_incident
from tests.fixtures.stores import fresh_postgis

INCIDENTS = 20_000
ALL = Sight(everything=True)
CLERK = Sight(login="somebody", scoped=True, area="990101002001")
HANDLER = Sight(login="somebody", scoped=True, department="D7")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[SqlStore]:
    """20,000 incidents in 500 communities and 100 departments, one each minute."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("full") / "city.db"
        shutil.copy(migrated_sqlite, file)
        with closing(open_store(f"sqlite:///{file}")) as store:
            _fill(store)
            yield store
        return
    with fresh_postgis() as url:
        upgrade(url)
        with closing(open_store(url)) as store:
            _fill(store)
            yield store


def _fill(store: SqlStore) -> None:
    made = make_incident("20260401-000000", "C1", description="东四六条57号院门口有暴露垃圾", made_by="collector")
    template = encode_incident(made)
    rows = [template | _varied(number) for number in range(INCIDENTS)]
    links = [{"department": f"D{n % 100}", "reported_at": row["reported_at"], "incident": row["id"]}
             for n, row in enumerate(rows)]  # fmt: skip
    with store._database.write() as connection:
        connection.execute(insert(incident), rows)
        connection.execute(insert(incident_department), links)
    if not store._database.is_sqlite:
        with store._database.write() as connection:
            connection.execute(text("ANALYZE incident, incident_department"))


def _varied(number: int) -> dict[str, Any]:
    community = "990101002001" if number % 500 == 0 else f"9901{number % 500:08d}"
    return {
        "id": number + 1,
        "number": f"20260401-{number:06d}",
        "reported_at": NOW + timedelta(minutes=number),
        "lon": 116 + number % 1000 / 1000,
        "lat": 39 + number // 1000 / 100,
        "community": community,
        "subdistrict": community[:9],
        "district": community[:6],
        "made_by": f"login{number % 200}",
    }


@pytest.mark.parametrize(
    ("wanted", "sight", "index"),
    [
        ({}, ALL, "ix_incident_newest"),
        ({"since": NOW, "until": NOW + timedelta(days=1)}, ALL, "ix_incident_newest"),
        ({"after": (NOW + timedelta(days=9), 12_000)}, ALL, "ix_incident_newest"),
        ({"subdistrict": "990100000"}, ALL, "ix_incident_"),
        ({"made_by": "login7"}, ALL, "ix_incident_"),
        ({"text": "20260401-00012"}, ALL, "incident_1|uq_incident"),
        ({"box": BoundingBox(116.1, 39.1, 116.101, 39.101)}, ALL, "ix_incident_lon_lat"),
        ({}, CLERK, "ix_incident_community"),
        ({"after": (NOW + timedelta(days=9), 12_000)}, CLERK, "ix_incident_community"),
        ({}, Sight(login="login7"), "ix_incident_made_by"),
        ({}, HANDLER, "incident_department"),
        ({"numbers": ("20261122-000043", "20261121-000043")}, ALL, "incident_1|number"),
    ],
)
def test_usual_questions_go_along_an_index(full: SqlStore, wanted: dict[str, Any], sight: Sight, index: str) -> None:
    sent: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(full._database.engine, "before_cursor_execute", listen)
    try:
        full.list_incidents(IncidentFilter(**wanted), sight, 101)
    finally:
        event.remove(full._database.engine, "before_cursor_execute", listen)
    plan = _plan(full, *next(each for each in sent if "FROM incident" in each[0]))
    assert any(name in plan for name in index.split("|")), plan
    if full._database.is_sqlite:
        # Of some hundred ids at most; a whole table is neither read nor sorted.
        assert "SCAN incident\n" not in plan + "\n"
    else:
        assert "Seq Scan on incident" not in plan


def _plan(store: SqlStore, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if store._database.is_sqlite else "EXPLAIN "
    with store._database.read() as connection:
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_words_are_found_among_all(full: SqlStore) -> None:
    assert len(full.list_incidents(IncidentFilter(text="暴露"), ALL, 101)) == 101
    assert full.list_incidents(IncidentFilter(text="没有"), ALL, 101) == []
