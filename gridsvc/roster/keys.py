"""Names for new rows that somebody can read out: made of what the row says, and of a number where that is taken."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, tzinfo
from itertools import count
from typing import Any

from gridsvc.model.departments import Competence, Stationing
from gridsvc.model.people import Absence, Assignment, Post, Shift
from gridsvc.model.roster import Row
from gridsvc.model.texts import JOINERS, TRICKS

_NEVER = rf"\x7f-\x9f{TRICKS}{JOINERS}/\\?#"
CODE = rf"^[^\x00-\x20{_NEVER}]([^\x00-\x1f{_NEVER}]*[^\x00-\x20{_NEVER}])?$"
KEY = rf"^[^\x00-\x20{_NEVER}:]+:[^\x00-\x20{_NEVER}:]+$"
"""What codes and SCHEME:CODE of rows are made of: they stand in addresses, which proxies take apart at / and \\."""
MAX_CODE, MAX_KEY = 100, 150
MAX_BASE = 90
_NUMBERED = {
    "people": "P-",
    "departments": "D-",
    "duty_lists": "LIST-",
    "duty_items": "DUTY-",
    "patches": "PATCH-",
    "determinations": "DET-",
}


def is_addressable(table: str, key: str) -> bool:
    """Whether a row with this key can be asked for and changed over HTTP."""
    form, most = (KEY, MAX_KEY) if table == "categories" else (CODE, MAX_CODE)
    return len(key) <= most and re.match(form, key) is not None


def propose_keys(table: str, row: Row, taken: Collection[str], zone: tzinfo) -> Iterator[str]:
    """Keys that no row has, the best first: CHIEF-1-2026-03-01, then …-2; or P-0008, the next number, then P-0009.

    Hours in them are those of the city, whose `zone` it is.
    """
    prefix = _NUMBERED.get(table)
    if prefix is not None:
        yield from (f"{prefix}{number:04d}" for number in count(_greatest(prefix, taken) + 1))
    else:
        told = replace(row, starts_at=row.starts_at.astimezone(zone)) if isinstance(row, Shift) else row
        base = _WORDS[table](told).replace("/", "-")[:MAX_BASE]
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        yield from (name for name in names if name not in taken)


def _greatest(prefix: str, taken: Collection[str]) -> int:
    tails = (key[len(prefix) :] for key in taken if key.startswith(prefix))
    return max((int(tail) for tail in tails if tail.isascii() and tail.isdecimal() and len(tail) < 9), default=0)


def _day(day: date | None) -> str:
    return "START" if day is None else day.isoformat()


def _of_post(row: Post) -> str:
    return f"{row.role.value}-{row.target_code}" + ("" if row.side is None else f"-{row.side.value}")


def _of_assignment(row: Assignment) -> str:
    return f"{row.post}-{_day(row.valid_from)}"


def _of_absence(row: Absence) -> str:
    return f"AWAY-{row.person}-{_day(row.valid_from)}"


def _of_shift(row: Shift) -> str:
    return f"SHIFT-{row.post or row.department or row.person}-{row.starts_at:%Y%m%dT%H%M}"


def _of_stationing(row: Stationing) -> str:
    return f"{row.department}-AT-{row.subdistrict}"


def _of_competence(row: Competence) -> str:
    return f"{row.category.code}-{row.area}-{row.part.value}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "posts": _of_post,
    "assignments": _of_assignment,
    "absences": _of_absence,
    "shifts": _of_shift,
    "stationings": _of_stationing,
    "competences": _of_competence,
}
