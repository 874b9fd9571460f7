"""The tiny city, changed in one place."""

from dataclasses import replace

from gridsvc.model.issue import Issue
from gridsvc.model.roster import Roster, Row, row_key
from gridsvc.model.territory import Layer, Territory
from tests.fixtures.tiny_city import tiny_roster, tiny_territory
from tests.geodata.checks.findings import findings


def changed(layer: Layer, code: str, **values: object) -> Territory:
    """One feature with other values."""
    city = tiny_territory()
    features = tuple(replace(f, **values) if f.code == code else f for f in city.layer(layer))  # type: ignore[arg-type]
    return replace(city, **{layer.value: features})  # type: ignore[arg-type]


def without(layer: Layer, code: str) -> Territory:
    """One feature less."""
    city = tiny_territory()
    return replace(city, **{layer.value: tuple(f for f in city.layer(layer) if f.code != code)})  # type: ignore[arg-type]


def roster_with(table: str, *rows: Row) -> Roster:
    """The roster with rows added or replaced."""
    roster = tiny_roster()
    added = {row_key(row): row for row in rows}
    return Roster(2, {**roster.tables, table: {**roster.tables.get(table, {}), **added}})


def new_findings(territory: Territory | None = None, roster: Roster | None = None) -> list[Issue]:
    """Findings that the tiny city as it is does not have."""
    known = {issue.id for issue in findings(tiny_territory(), tiny_roster())}
    found = findings(territory or tiny_territory(), roster or tiny_roster())
    return [issue for issue in found if issue.id not in known]
