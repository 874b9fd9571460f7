"""Which incidents are wanted and may be seen, as SQL: newest first, each way of seeing along its own index.

"In my district or made by me" in one condition would be read from the newest incident on until enough are found. So
each way is asked apart for as many as are wanted, and the newest of all ways are the answer.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, tuple_, union

from gridsvc.model.incidents import IncidentFilter, Sight
from gridsvc.store.case_tables import incident, incident_department
from gridsvc.store.column_types import ID, UtcDateTime

_NUMBER = re.compile(r"20\d{2,6}(-\d*)?")
"""The beginning of a number, as nobody writes it in a description."""
_AFTER_NUMBERS = ":"
"""The character that follows the digits."""
_columns = incident.c


def select_incidents(wanted: IncidentFilter, sight: Sight, limit: int) -> Select[Any]:
    """Rows of `incident` by (reported_at, id), newest first."""
    ways = [_newest(way, limit) for way in _ways(sight, _conditions(wanted))]
    if len(ways) == 1:
        return ways[0].with_only_columns(*_columns)
    ids = union(*(select(way.subquery().c.id) for way in ways))
    return _newest(select(*_columns).where(_columns.id.in_(ids)), limit)


def _newest(query: Select[Any], limit: int) -> Select[Any]:
    return query.order_by(_columns.reported_at.desc(), _columns.id.desc()).limit(limit)


def _ways(sight: Sight, conditions: list[ColumnElement[bool]]) -> list[Select[Any]]:
    """One query of ids for each way in which an incident may be seen."""
    query = select(_columns.id).where(*conditions)
    if sight.everything or (sight.scoped and sight.area is None and sight.department is None):
        return [query]
    ways = [query.where(false() if sight.login is None else _columns.made_by == sight.login)]
    if not sight.scoped:
        return ways
    inside = [column == sight.area for column in (_columns.district, _columns.subdistrict, _columns.community)]
    if sight.department is None:
        return ways + [query.where(condition) for condition in inside]
    concerned = query.join(incident_department, incident_department.c.incident == _columns.id).where(
        incident_department.c.department == sight.department,
        incident_department.c.reported_at == _columns.reported_at,
    )
    return [*ways, concerned if sight.area is None else concerned.where(or_(*inside))]


def _conditions(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.after is not None:
        instant, number = wanted.after
        seen = tuple_(literal(instant, UtcDateTime), literal(number, ID))
        found.append(tuple_(_columns.reported_at, _columns.id) < seen)
    if wanted.since is not None:
        found.append(_columns.reported_at >= wanted.since)
    if wanted.until is not None:
        found.append(_columns.reported_at < wanted.until)
    if wanted.box is not None:
        box = wanted.box
        found += [_columns.lon.between(box.west, box.east), _columns.lat.between(box.south, box.north)]
    if wanted.category is not None:
        scheme, code = wanted.category
        found += [_columns.category_scheme == scheme, _columns.category_code == code]
    for name in ("state", "source", "subdistrict", "made_by"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(_columns[name] == value)
    if wanted.numbers is not None:
        found.append(_columns.number.in_(wanted.numbers))
    if wanted.text is not None:
        found.append(_says(wanted.text))
    return found


def _says(text: str) -> ColumnElement[bool]:
    if _NUMBER.fullmatch(text):
        return and_(_columns.number >= text, _columns.number < text + _AFTER_NUMBERS)
    return or_(*(column.icontains(text, autoescape=True) for column in (_columns.description, _columns.address)))
