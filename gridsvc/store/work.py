"""One use case, one transaction: whatever is done through a `SqlWork` is committed together, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from gridsvc.store.account_work import AccountWork
from gridsvc.store.database import Database
from gridsvc.store.dispute_work import DisputeWork
from gridsvc.store.incident_work import IncidentWork
from gridsvc.store.job_work import JobWork
from gridsvc.store.live import LiveWork
from gridsvc.store.replies import ReplyWork
from gridsvc.store.rosters import RosterWork


class SqlWork(AccountWork, DisputeWork, IncidentWork, JobWork, LiveWork, ReplyWork, RosterWork):
    """Answers `gridsvc.ports.Work` on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class Works:
    """The part of the store that begins transactions."""

    _database: Database

    @contextmanager
    def begin(self) -> Iterator[SqlWork]:
        """Durable when the block ends, undone when it raises."""
        with self._database.write() as connection:
            yield SqlWork(connection)
