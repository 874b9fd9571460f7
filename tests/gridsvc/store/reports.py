"""Reports for tests of recording, and groups of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from sqlalchemy import event, text

from gridsvc.model.incidents import Incident, IncidentFilter, Sight
from gridsvc.ports.recording import Claim, Fate, Outcome, Report
from gridsvc.store import SqlStore
from tests.fixtures.incidents import make_incident, make_report

ALL = Sight(everything=True)


def made(count: int, day: str = "20260401") -> Incident:
    """An incident with the number of its count."""
    return make_incident(f"{day}-{count:06d}", "C1")


def made_at(place: str, count: int) -> Incident:
    """The same at a place."""
    return make_incident(f"20260401-{count:06d}", place)


def claim(key: str, digest: str = "d", login: str = "camera") -> Claim:
    """A claim of a camera."""
    return Claim(login, "incidents", key, digest)


def report(key: str | None = None, digest: str = "d") -> Report:
    """Of an incident in C1, with a key where one is given."""
    return make_report(made, None if key is None else claim(key, digest))


def list_numbers(store: SqlStore) -> list[str]:
    """Of all incidents."""
    return sorted(incident.number for _, incident in store.list_incidents(IncidentFilter(), ALL, 1000))


def count_rows(store: SqlStore) -> tuple[int, ...]:
    """Rows of all that a report writes."""
    tables = ("incident", "audit", "outbox", "reply")
    with store._database.read() as connection:
        return tuple(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in tables)


@contextmanager
def together(store: SqlStore) -> Iterator[list[int]]:
    """What is recorded in the block waits for one that is held up, and so forms a group. Gives the commits."""
    inside, go_on, commits = threading.Event(), threading.Event(), list[int]()

    def slow(count: int) -> Incident:
        inside.set()
        assert go_on.wait(10)
        return made(count)

    first = store.record(make_report(slow))
    assert inside.wait(10)
    try:
        yield commits
    finally:
        event.listen(store._database.engine, "commit", lambda _: commits.append(1))
        go_on.set()
        first.result(10)


def fates_of(told: "list[Future[Outcome]]") -> list[Fate]:
    """What became of each."""
    return [one.result(10).fate for one in told]
