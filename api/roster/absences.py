"""Whom a clerk may say to be away: who belongs elsewhere, on the days of their posts in the clerk's territory alone. An
absence counts everywhere, for the posts of others' territories too.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

from api.access.allowing import Access
from api.roster.appointing import words_for_whom_to_ask
from api.roster.base import Base
from geodata.issues import word_of
from gridsvc.errors import NotAllowed
from gridsvc.model.people import Absence
from gridsvc.model.roster import RosterChange
from gridsvc.roster.days import Span, holds, merge, span_of, without
from gridsvc.roster.scope import Claim, Scopes

ALWAYS = (date.min, date.max)
MOST_TOLD = 3


def check_absences(base: Base, access: Access, changes: Sequence[RosterChange], scopes: Scopes) -> None:
    """Raise NotAllowed for a change that makes somebody absent, or present again, on days on which they neither belong
    to the asker's territory nor hold a post there. `scopes` are those of the roster as it will be.
    """
    if access.covers(areas=(), departments=()):
        return
    days_before, days_after = _own_days(access, base.scopes()), _own_days(access, scopes)
    for change in changes:
        before = base.roster.tables.get(change.table, {}).get(change.key)
        for row, other, own in ((before, change.row, days_before), (change.row, before, days_after)):
            if isinstance(row, Absence) and not all(holds(own(row.person), span) for span in _altered(row, other)):
                raise _refusal(base, change, row, own(row.person))


def _own_days(access: Access, scopes: Scopes) -> Callable[[str], list[Span]]:
    """When somebody is the asker's own, merged; looked up once for each person."""

    def is_own(claim: Claim) -> bool:
        return access.covers(areas=claim.areas, departments=claim.departments)

    @cache
    def own(person: str) -> list[Span]:
        if is_own(scopes.of_person(scopes.staff.people.get(person))):
            return [ALWAYS]
        held = scopes.days_of_posts(person).items()
        return merge(span for claim, spans in held if is_own(claim) for span in spans)

    return own


def _altered(row: Absence, other: object) -> list[Span]:
    """Days of an absence that it has not as it was, or will be."""
    if isinstance(other, Absence) and other.person == row.person:
        return without(span_of(row), span_of(other))
    return [span_of(row)]


def _refusal(base: Base, change: RosterChange, row: Absence, own: Sequence[Span]) -> NotAllowed:
    first, end = span_of(row)
    met = [span for span in own if span[0] < end and first < span[1]]
    shown, more = met[:MOST_TOLD], len(met) > MOST_TOLD
    days = ", ".join([*map(_days, shown), *(["…"] if more else [])]) or "none"
    zh_days = "、".join([*map(_zh_days, shown), *(["……"] if more else [])]) or "无"
    whom, zh_whom = words_for_whom_to_ask(base, base.duties.staff.people.get(row.person))
    msg = (
        f"absences: {row.person} does not belong to your territory and is there for a post on these days only: {days}. "
        f"That somebody is away on other days is for a roster clerk of {whom}the whole city; nothing was changed."
    )
    zh = (
        f"{word_of('absences')}：{row.person} 不属于您的辖区，仅在以下日期于您的辖区任职：{zh_days}。"
        f"其他日期的离岗请联系{zh_whom}全市的名册员办理；没有作任何更改。"
    )
    return NotAllowed(msg, zh=zh, table=change.table, key=change.key, person=row.person)


def _days(span: Span) -> str:
    first, last = _ends(span)
    if first is None:
        return f"through {last}"
    return f"from {first} on" if last is None else f"{first} through {last}"


def _zh_days(span: Span) -> str:
    first, last = _ends(span)
    if first is None:
        return f"至 {last}"
    return f"自 {first} 起" if last is None else f"{first} 至 {last}"


def _ends(span: Span) -> tuple[date | None, date | None]:
    """The first and the last of the days; None where it is open."""
    first, end = span
    return None if first == date.min else first, None if end == date.max else end - timedelta(days=1)
