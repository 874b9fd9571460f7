"""Phone numbers in the roster: for who may see them, in their own territory, and the reading is logged."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from api.access.allowing import Access
from api.roster.base import Grounds
from gridsvc.accounts.rights import is_within
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.people import Person
from gridsvc.model.roster import Row
from gridsvc.roster.scope import Scopes

PERSONAL = frozenset({"people", "stationings", "shifts"})
"""Tables whose phones ring somebody; a department's own number is for everybody who reads the roster."""


HIDDEN_NAME = "***"


def with_phones(grounds: Grounds, access: Access, table: str, rows: Sequence[Row]) -> list[Row]:
    """Rows as the asker may see them; a token that is not for names gets none of them either."""
    if table == "people":
        rows = _with_names(access, rows)
    if table not in PERSONAL or not any(_phone(row) for row in rows):
        return list(rows)
    far = access.reach(Action.READ_PHONES)
    scopes = grounds.base().scopes() if far is Reach.SCOPE else None
    shown = [row if _may_see(access, far, scopes, (table, row)) else _masked(row) for row in rows]
    access.note_reading(Action.READ_PHONES, [_whose(table, row) for row in shown if _phone(row)])
    return shown


def _with_names(access: Access, rows: Sequence[Row]) -> Sequence[Row]:
    people = [row for row in rows if isinstance(row, Person)]
    if not access.may(Action.READ_STAFF):
        return [replace(row, name=HIDDEN_NAME) for row in people]
    access.note_reading(Action.READ_STAFF, [row.code for row in people])
    return rows


def _masked(row: Any) -> Row:
    masked: Row = replace(row, phone=None)
    return masked


def _phone(row: Any) -> str | None:
    phone: str | None = row.phone
    return phone


def _may_see(access: Access, far: Reach, scopes: Scopes | None, place: tuple[str, Row]) -> bool:
    if scopes is None:
        return far is Reach.ALL
    if is_within(access.caller, far, areas=(), departments=(), made_by=None):
        return True
    return any(
        is_within(access.caller, far, areas=claim.areas, departments=claim.departments, made_by=None)
        for claim in scopes.claims_of(*place)
    )


def _whose(table: str, row: Any) -> str:
    if isinstance(row, Person):
        return row.code
    return getattr(row, "person", None) or f"{table} {row.code}"
