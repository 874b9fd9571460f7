"""Phone numbers in the roster: for who may see them, in their own territory, and the reading is logged."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from api.access.allowing import Access
from api.access.personal import may_ring
from api.roster.base import Base, Grounds
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.people import Person
from gridsvc.model.roster import Row
from gridsvc.roster.scope import Scopes

PERSONAL = frozenset({"people", "stationings", "shifts"})
"""Tables whose phones ring somebody; a department's own number is for everybody who reads the roster."""
NAMED = {"people": "name", "stationings": "liaison"}
"""Tables that name somebody, with the field."""
HIDDEN_NAME = "***"


def with_phones(grounds: Grounds, access: Access, table: str, rows: Sequence[Row]) -> list[Row]:
    """Rows as the asker may see them; a token that is not for names gets none of them either."""
    shown: Sequence[Row] = _with_names(access, table, rows)
    if table in PERSONAL and any(_phone(row) for row in shown):
        scopes, far = grounds.scopes(), access.reach(Action.READ_PHONES)
        today = access.services.settings.now().date()
        shown = [row if _may_see(access, far, scopes, (table, row), today) else _masked(row) for row in shown]
        access.note_reading(Action.READ_PHONES, [_whose(table, row) for row in shown if _phone(row)])
    return list(shown)


def is_shown(base: Base, access: Access, table: str, row: Row | None) -> bool:
    """Whether the asker is shown a row whole (None: a new one would be): who is not would write back what stands in
    the place of the rest.
    """
    if table not in PERSONAL:
        return True
    if not (access.may(Action.READ_STAFF) and access.may(Action.READ_PHONES)):
        return False
    far = access.reach(Action.READ_PHONES)
    return row is None or not _phone(row) or _may_see(access, far, base.scopes(), (table, row), base.today)


def note_rows(access: Access, places: Iterable[tuple[str, Row | None]]) -> None:
    """Note that rows were shown whole."""
    seen = [(table, row) for table, row in places if row is not None and table in PERSONAL]
    access.note_reading(Action.READ_PHONES, [_whose(table, row) for table, row in seen if _phone(row)])
    named = [(table, row) for table, row in seen if table in NAMED and getattr(row, NAMED[table])]
    access.note_reading(Action.READ_STAFF, [_whose(table, row) for table, row in named])


def _with_names(access: Access, table: str, rows: Sequence[Row]) -> Sequence[Row]:
    field = NAMED.get(table)
    if field is None:
        return rows
    if not access.may(Action.READ_STAFF):
        return [_renamed(row, field) if getattr(row, field) else row for row in rows]
    access.note_reading(Action.READ_STAFF, [_whose(table, row) for row in rows if getattr(row, field)])
    return rows


def _renamed(row: Any, field: str) -> Row:
    renamed: Row = replace(row, **{field: HIDDEN_NAME})
    return renamed


def _masked(row: Any) -> Row:
    masked: Row = replace(row, phone=None)
    return masked


def _phone(row: Any) -> str | None:
    phone: str | None = row.phone
    return phone


def _may_see(access: Access, far: Reach, scopes: Scopes, place: tuple[str, Row], day: date) -> bool:
    table, row = place
    person = row.code if isinstance(row, Person) else getattr(row, "person", None)
    return may_ring(access, far, scopes, person, day, () if isinstance(row, Person) else scopes.claims_of(table, row))


def _whose(table: str, row: Any) -> str:
    if isinstance(row, Person):
        return row.code
    return getattr(row, "person", None) or f"{table} {row.code}"
