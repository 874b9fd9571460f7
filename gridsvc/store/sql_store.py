"""The store as one object: what `gridsvc.ports` asks for, on one database."""

from gridsvc.store.acceptances import Acceptances
from gridsvc.store.accounts import Accounts
from gridsvc.store.database import Database, connect_engine, parse_url
from gridsvc.store.disputes import Disputes
from gridsvc.store.drafts import Drafts
from gridsvc.store.editions import Editions
from gridsvc.store.examining import Examining
from gridsvc.store.expiry import Expiry
from gridsvc.store.imports import Imports
from gridsvc.store.incidents import Incidents
from gridsvc.store.jobs import Jobs
from gridsvc.store.live import Live
from gridsvc.store.publishing import Publishing
from gridsvc.store.recorder import Recorder, Recording
from gridsvc.store.rosters import Rosters
from gridsvc.store.schema import check_file, check_schema
from gridsvc.store.work import Works


class SqlStore(
    Editions,
    Drafts,
    Imports,
    Publishing,
    Rosters,
    Acceptances,
    Accounts,
    Live,
    Incidents,
    Recording,
    Expiry,
    Jobs,
    Disputes,
    Examining,
    Works,
):
    """Answers `gridsvc.ports.Store`; safe for many threads and for other processes on the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recorder = Recorder(database)

    def close(self) -> None:
        """Give back connections and files, after what waits to be recorded."""
        self._recorder.close()
        self._database.close()


def open_store(url: str) -> SqlStore:
    """The store at a database URL. NotReady when it is absent, unreachable or has another schema."""
    parsed = parse_url(url)
    check_file(parsed)
    database = Database(connect_engine(parsed))
    try:
        check_schema(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)
