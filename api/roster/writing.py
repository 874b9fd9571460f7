"""One change of the roster: planned on the roster as it is, checked whole, and written with its log, or not at all.

Everything is decided before the transaction begins. If somebody else was quicker, the plan is made again on what they
left: thus two changes that are each fine never become two LEADs, and of two clerks at one row the second is told.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.access.allowing import Access, record
from api.http.errors import RequestProblem
from api.http.problems import KINDS
from api.roster.absences import check_absences
from api.roster.appointing import check_appointed
from api.roster.base import Base, Grounds
from api.roster.shown import is_shown, shown_issues
from api.schemas.documents import log_document
from api.schemas.issues import issue_documents
from geodata.checks.roster_checks import Compared, compare_findings
from geodata.issues import settle, word_of
from gridsvc.errors import Busy, GridError, NotAllowed, TooLarge
from gridsvc.model.issue import Issue
from gridsvc.model.roster import Author, Roster, RosterChange, lay_over
from gridsvc.ports import Work
from gridsvc.roster.scope import Claim, Scopes
from gridsvc.serving import Serving

ATTEMPTS = 5
PATIENCE_S = 2.0
"""How long a change waits for an edition that was just published; small cities are opened by then."""
MAX_CHANGES = 10_000
"""At once: all of them are one transaction, and one message to whoever listens."""
MOST_LOGGED = 100
_log = logging.getLogger(__name__)

Plan = Callable[[Base], Sequence[RosterChange]]


@dataclass(frozen=True, slots=True)
class Order:
    """Who changes the roster, and how that is logged. `scoped`: every row must lie within the asked right's reach.

    `also` does the rest of a larger use case in the same transaction, given the new revision.
    """

    access: Access
    comment: str = ""
    action: str = "CHANGE_ROSTER"
    scoped: bool = True
    also: Callable[[Work, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change as it was made, or would be: rows before and after, and the findings that it brings or leaves."""

    before: Roster
    after: Roster
    changes: tuple[RosterChange, ...]
    compared: Compared
    claims: tuple[Claim, ...] = field(default=(), repr=False)


def preview(grounds: Grounds, order: Order, plan: Plan) -> Outcome:
    """What a change would do. Raises as `write` does, but for findings that block."""
    return _decide(grounds.base(), order, plan)


def write(grounds: Grounds, order: Order, plan: Plan) -> Outcome:
    """Make a change. Raises what the plan raises, NotAllowed beyond one's territory, the 409 for findings that block.

    A change that changes nothing is none: no revision, no entry, no message.
    """
    services = order.access.services
    for _ in range(ATTEMPTS):
        if not services.serving.catch_up(PATIENCE_S):
            msg = "a new edition is being opened: nothing was changed; try again as soon as it answers"
            raise Busy(msg, zh="新的一版正在启用，没有作任何更改：启用后请再试。", retry_after_s=5)
        base = grounds.base()
        outcome = _decide(base, order, plan)
        _refuse_blocking(order, outcome)
        if not outcome.changes:
            return outcome
        revision = _commit(base, order, outcome)
        if revision is not None:
            _show(services.serving)
            after = Roster(revision, outcome.after.tables)
            return Outcome(outcome.before, after, outcome.changes, outcome.compared, outcome.claims)
    raise Busy("others keep changing the roster; try again", zh="他人正在更改名册：请再试。", retry_after_s=1)


def _show(serving: Serving) -> None:
    """Answer by the change from now on. It is written: whatever keeps this worker from following is no refusal."""
    try:
        serving.catch_up(PATIENCE_S)
    except GridError as error:
        _log.warning("a change of the roster is written and will be followed later: %s", error)


def _decide(base: Base, order: Order, plan: Plan) -> Outcome:
    wanted = {(change.table, change.key): change for change in plan(base)}
    changes = tuple(change for change in wanted.values() if find_row(base.roster, change) != change.row)
    if len(changes) > MAX_CHANGES:
        msg = f"{len(changes)} rows at once: {MAX_CHANGES} at most; the terminal takes more."
        raise TooLarge(msg, zh=f"一次 {len(changes)} 行，最多 {MAX_CHANGES} 行：更多请用命令行导入。")
    after = lay_over(base.roster, changes)
    scopes = base.scopes(after)
    claims = _check_scope(order, changes, ((base.roster, base.scopes()), (after, scopes)))
    if order.scoped:
        check_appointed(base, order.access, changes)
        check_absences(base, order.access, changes, scopes)
    tables = {change.table for change in changes}
    _check_sight(base, order.access, [*wanted.values()])
    return Outcome(base.roster, after, changes, compare_findings(base.context(), base.context(after), tables), claims)


def _check_sight(base: Base, access: Access, changes: Sequence[RosterChange]) -> None:
    """Who is not shown names and phones would write back what stands in their place, or learn by what changes nothing
    that they guessed right.
    """
    for change in changes:
        if not is_shown(base, access, change.table, find_row(base.roster, change)):
            msg = f"To change {change.table} {change.key}, READ_STAFF and READ_PHONES have to reach it as well."
            zh = f"更改{word_of(change.table)} {change.key} 还需有查看其姓名和电话的权限。"
            raise NotAllowed(msg, zh=zh, table=change.table, key=change.key)


def _check_scope(
    order: Order, changes: Sequence[RosterChange], sides: Sequence[tuple[Roster, Scopes]]
) -> tuple[Claim, ...]:
    """Every row as it was and as it will be, each thing that it concerns. What they concern, for who listens."""
    found: list[Claim] = []
    for roster, scopes in sides:
        for change in changes:
            row = find_row(roster, change)
            if row is None:
                continue
            claims = scopes.claims_of(change.table, row)
            found += claims
            if order.scoped:
                _check_claims(order.access, change, claims)
    return tuple(found)


def _check_claims(access: Access, change: RosterChange, claims: Sequence[Claim]) -> None:
    everything = access.covers(areas=(), departments=())
    inside = bool(claims) and all(access.covers(areas=claim.areas, departments=claim.departments) for claim in claims)
    if not (everything or inside):
        msg = f"{change.table} {change.key} lies outside your territory: nothing was changed."
        zh = f"{word_of(change.table)} {change.key} 不在您的辖区内：没有作任何更改。"
        raise NotAllowed(msg, zh=zh, table=change.table, key=change.key)


def _refuse_blocking(order: Order, outcome: Outcome) -> None:
    if not outcome.compared.blocking:
        return
    acceptances = order.access.services.store.list_acceptances()
    settled = tuple(settle(outcome.compared.new, acceptances))
    blocking = Compared(settled, ()).blocking
    if blocking:
        detail = f"The roster would have {len(blocking)} new findings that block; nothing was changed."
        zh = f"名册将新增 {len(blocking)} 个必须先解决的问题：没有作任何更改。"
        told = issue_documents(shown_issues(order.access, settled))
        raise RequestProblem(KINDS["publish-refused"], detail, zh=zh, issues=told)


def _commit(base: Base, order: Order, outcome: Outcome) -> int | None:
    """The new revision; None where somebody else made one first."""
    access, settings = order.access, order.access.services.settings
    now = settings.now()
    with access.services.store.begin() as work:
        if work.hold_roster() != base.roster.revision:
            return None
        revision = work.append_roster(outcome.changes, now, order.comment, _author(access, outcome.claims))
        details = _details(outcome, revision, order.comment)
        target = _target(outcome.changes)
        work.log([record(access.services, access.caller, order.action, target, details, access.request)])
        if order.also is not None:
            order.also(work, revision)
    return revision


def _author(access: Access, claims: Sequence[Claim]) -> Author:
    areas = sorted({area for claim in claims for area in claim.areas})
    departments = sorted({code for claim in claims for code in claim.departments})
    return Author(access.caller.login, tuple(areas), tuple(departments))


def find_row(roster: Roster, change: RosterChange) -> Any:
    """The row that a change is about, in some roster."""
    return roster.tables.get(change.table, {}).get(change.key)


def issues_of(outcome: Outcome) -> list[Issue]:
    """Findings that the change brings, then those that were there before."""
    return [*outcome.compared.new, *outcome.compared.old]


def _target(changes: Sequence[RosterChange]) -> str:
    return f"{changes[0].table}/{changes[0].key}" if len(changes) == 1 else "roster"


def _details(outcome: Outcome, revision: int, comment: str) -> dict[str, object]:
    """For the audit log: rows before and after without what only some may see, and outlines; the roster's own log
    keeps them.
    """
    logged = [
        {
            "table": change.table,
            "key": change.key,
            "before": log_document(find_row(outcome.before, change)),
            "after": log_document(change.row),
        }
        for change in outcome.changes[:MOST_LOGGED]
    ]
    return {"revision": revision, "comment": comment, "count": len(outcome.changes), "changes": logged}
