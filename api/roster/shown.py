"""Rows of the roster as somebody may see them: phones of their own territory, names, and components that are not
guarded from them; the reading of what is personal is logged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from api.access.allowing import Access
from api.access.guarded import NAMES_COMPONENT, sees_all_of_draft, unseen
from api.access.personal import may_ring
from api.roster.base import Base, Grounds
from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.departments import Determination
from gridsvc.model.issue import Issue
from gridsvc.model.people import Person
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange, Row
from gridsvc.roster.scope import Scopes

PERSONAL = frozenset({"people", "stationings", "shifts"})
"""Tables whose phones ring somebody; a department's own number is for everybody who reads the roster."""
NAMED = {"people": "name", "stationings": "liaison"}
"""Tables that name somebody, with the field."""
HIDDEN = "***"
"""Stands for a name, and for the code of a component, that is not for the asker."""


def shown_rows(grounds: Grounds, access: Access, table: str, rows: Sequence[Row]) -> list[Row]:
    """Rows as the asker may see them; a token that is not for names gets none of them either."""
    shown: Sequence[Row] = _with_names(access, table, without_components(access, rows))
    if table in PERSONAL and any(_phone(row) for row in shown):
        scopes, far = grounds.scopes(), access.reach(Action.READ_PHONES)
        today = access.services.settings.now().date()
        shown = [row if _may_see(access, far, scopes, (table, row), today) else _masked(row) for row in shown]
        access.note_reading(Action.READ_PHONES, [_whose(table, row) for row in shown if _phone(row)])
    return list(shown)


def without_components(access: Access, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows that name no component which is hidden from the asker, only its scheme."""
    named = [row.component for row in rows if isinstance(row, Determination) and row.component is not None]
    hidden = unseen(access, named)
    if not hidden:
        return rows
    return [
        replace(row, component=Key(row.component.scheme, HIDDEN))
        if isinstance(row, Determination) and row.component in hidden
        else row
        for row in rows
    ]


def with_component(access: Access, change: RosterChange, before: Row | None) -> RosterChange:
    """A change as somebody sent it with the component that was meant: what stands for a hidden one is that one.

    Raises InvalidInput for any other that is hidden, the row's own too, and in the same words for one that is not
    there: else trying names would tell which there are, and a row about one where it stands.
    """
    row, kept = change.row, before.component if isinstance(before, Determination) else None
    if not isinstance(row, Determination) or row.component is None:
        return change
    if kept is not None and row.component == Key(kept.scheme, HIDDEN):
        return replace(change, row=replace(row, component=kept))
    check_named(access, row.component)
    return change


def check_named(access: Access, component: Key) -> None:
    """Raise InvalidInput for a component that the asker may not see, or that is not there."""
    if unseen(access, [component]):
        shown = ":".join(component)
        msg = f"component: there is no {shown} that you may name."
        raise InvalidInput(msg, zh=f"没有您可指定的部件 {shown}。", parameter="component")


def shown_issues(access: Access, issues: Iterable[Issue]) -> list[Issue]:
    """Findings about rows that name no component to who may not see all of them."""
    if sees_all_of_draft(access):
        return list(issues)
    return [
        replace(issue, values={**issue.values, "named": HIDDEN}) if issue.code == NAMES_COMPONENT else issue
        for issue in issues
    ]


def hide_logged_names(details: dict[str, Any]) -> None:
    """What the audit log keeps of changed rows, without names of people; changed in place."""
    for change in details.get("changes", ()):
        field = NAMED.get(change["table"])
        for row in (change["before"], change["after"]):
            if field is not None and row is not None and row[field] is not None:
                row[field] = HIDDEN


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


def hidden_fields(access: Access, table: str) -> frozenset[str]:
    """Fields of a table that are not shown in every row."""
    if table not in PERSONAL:
        return frozenset()
    names = NAMED.get(table, "phone")
    return frozenset({"phone"}) if access.may(Action.READ_STAFF) else frozenset({"phone", names})


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
    renamed: Row = replace(row, **{field: HIDDEN})
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
