"""The answer that is frozen with a case, and whether the same question gives the same bytes again."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import ResolveOptions
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import Duties
from gridsvc.model.accounts import Account, AccountRole
from gridsvc.model.departments import Part
from gridsvc.model.incidents import FrozenAnswer, Incident
from gridsvc.model.places import Key, Location
from gridsvc.model.resolution import Resolution

FIELD_ROLES = frozenset({AccountRole.LANE_CHIEF, AccountRole.GRID_OFFICER, AccountRole.COLLECTOR, AccountRole.STEWARD})
"""Who reports from where they stand; a desk reports from anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about a place whose answer is to be frozen."""

    location: Location
    at: datetime
    category: Key | None = None
    component: Key | None = None
    reporter: str | None = None


def ask(edition: CompiledEdition, duties: Duties, asked: Asked, options: ResolveOptions) -> Resolution:
    """The answer. Raises what `resolve` raises."""
    return resolve(
        edition,
        duties,
        asked.location,
        at=asked.at,
        category=asked.category,
        component=asked.component,
        reporter=asked.reporter,
        options=options,
    )


def reporter_of(account: Account | None, duties: Duties) -> str | None:
    """The person whose own territory a report is held against: somebody of the field whom the roster knows."""
    if account is None or account.role not in FIELD_ROLES or account.person not in duties.staff.people:
        return None
    return account.person


def freeze(answer: Resolution) -> FrozenAnswer:
    """An answer as its bytes, with what cases are found by."""
    lead_first = sorted(answer.departments, key=lambda department: department.part != Part.LEAD)
    return FrozenAnswer(
        edition=answer.edition,
        roster=answer.roster,
        at=answer.at,
        document=orjson.dumps(answer),
        areas=tuple(area.code for area in answer.areas),
        departments=tuple(dict.fromkeys(department.code for department in lead_first)),
        cell=Key(answer.cell.scheme, answer.cell.code) if answer.cell else None,
        segment=Key(answer.segment.scheme, answer.segment.code) if answer.segment else None,
        flags=answer.flags,
    )


def ask_again(
    incident: Incident, edition: CompiledEdition, duties: Duties, options: ResolveOptions
) -> tuple[Resolution, bool]:
    """The answer to the question of an incident by a given edition and roster, and whether its bytes are the frozen."""
    asked = Asked(
        location=incident.location,
        at=datetime.fromisoformat(incident.answer.at),
        category=incident.category,
        reporter=incident.reporter,
    )
    answer = ask(edition, duties, asked, options)
    return answer, orjson.dumps(answer) == incident.answer.document
