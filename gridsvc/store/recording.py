"""The reports of a group written in one transaction, with one statement for each table however many they are.

While SQLite works, other threads run, and each statement's end waits for one of them to pause: few statements count
for more than short ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql

from gridsvc.model.incidents import Reply
from gridsvc.ports.recording import Fate, Outcome, Recorded, Report
from gridsvc.store.account_tables import audit
from gridsvc.store.accounts import encode_entry
from gridsvc.store.bulk import insert_together
from gridsvc.store.case_tables import day_count, incident, incident_department
from gridsvc.store.incident_rows import encode_incident, list_departments
from gridsvc.store.live import tell
from gridsvc.store.replies import Name, add_replies, claim_keys, find_replies, forget_replies

CREATED = 201
# SQLite knows PostgreSQL's clauses of conflict and return; its own construct differs in nothing used here.
_COUNT = (
    postgresql.insert(day_count)
    .values(day=bindparam("of_day"), count=bindparam("more"))
    .on_conflict_do_update(index_elements=["day"], set_={"count": day_count.c.count + bindparam("more")})
    .returning(day_count.c.count)
)
_LAST_ID = select(func.max(incident.c.id))
_TAKE_IDS = select(func.nextval(func.pg_get_serial_sequence("incident", "id"))).select_from(
    func.generate_series(1, bindparam("more"))
)


def record_all(connection: Connection, reports: Sequence[Report]) -> list[Outcome]:
    """What becomes of each, in their order. When it raises, nothing of it may be committed."""
    claimed = {report.claim.name: report.forget_before for report in reports if report.claim is not None}
    free = claim_keys(connection, claimed)
    kept = _find_kept(connection, {name: claimed[name] for name in free})
    new: dict[int, Report] = {}
    begun = set(kept)
    for place, report in enumerate(reports):
        name = None if report.claim is None else report.claim.name
        if name is None or (name in free and name not in begun):
            new[place] = report
            begun |= {name} if name is not None else set()
    recorded = dict(zip(new, _write(connection, list(new.values())), strict=True))
    replies = [_reply_to(report, recorded[place]) for place, report in new.items() if report.claim is not None]
    add_replies(connection, replies)
    tell(connection, [one.message for one in recorded.values()])
    kept |= {(given.login, given.route, given.key): given for given in replies}
    return [_outcome(report, recorded.get(place), kept) for place, report in enumerate(reports)]


def _find_kept(connection: Connection, claimed: Mapping[Name, datetime]) -> dict[Name, Reply]:
    """Replies that were given before; one from before the instant beside its name goes: its key is free again."""
    found = find_replies(connection, list(claimed))
    expired = [name for name, given in found.items() if given.at < claimed[name]]
    forget_replies(connection, expired)
    return {name: given for name, given in found.items() if name not in expired}


def _write(connection: Connection, reports: Sequence[Report]) -> list[Recorded]:
    """The incidents with their departments, and the log."""
    if not reports:
        return []
    counts = _count(connection, Counter(report.day for report in reports))
    recorded = [report.finish(next(counts[report.day])) for report in reports]
    numbered = list(zip(_take_ids(connection, len(recorded)), (one.incident for one in recorded), strict=True))
    insert_together(connection, incident, [{"id": number, **encode_incident(made)} for number, made in numbered])
    lines = [line for number, made in numbered for line in list_departments(number, made)]
    insert_together(connection, incident_department, lines)
    insert_together(connection, audit, [encode_entry(one.entry) for one in recorded])
    return recorded


def _count(connection: Connection, more: Mapping[str, int]) -> dict[str, Iterator[int]]:
    """The next counts of each day. From here to the commit nobody else counts on; by days, so that none wait for
    each other.
    """
    last = {day: connection.scalar(_COUNT, {"of_day": day, "more": more[day]}) or 0 for day in sorted(more)}
    return {day: count(last[day] - more[day] + 1) for day in more}


def _take_ids(connection: Connection, more: int) -> Sequence[int]:
    """Ids of incidents that nobody else will take."""
    if connection.dialect.name == "sqlite":
        last = connection.scalar(_LAST_ID) or 0
        return range(last + 1, last + 1 + more)
    return connection.scalars(_TAKE_IDS, {"more": more}).all()


def _reply_to(report: Report, recorded: Recorded) -> Reply:
    assert report.claim is not None  # noqa: S101  for type checkers: only those that can come again are answered so
    login, route, key = report.claim.name
    digest = report.claim.body_digest
    return Reply(
        login=login, route=route, key=key, body_digest=digest, status=CREATED, body=recorded.body, at=report.at
    )


def _outcome(report: Report, recorded: Recorded | None, kept: Mapping[Name, Reply]) -> Outcome:
    if recorded is not None:
        return Outcome(Fate.RECORDED, CREATED, recorded.body)
    given = None if report.claim is None else kept.get(report.claim.name)
    if report.claim is None or given is None:
        return Outcome(Fate.IN_FLIGHT)
    if given.body_digest != report.claim.body_digest:
        return Outcome(Fate.KEY_REUSED)
    return Outcome(Fate.REPLAYED, given.status, bytes(given.body))
