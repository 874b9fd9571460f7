"""Asking the tiny city: one compiled edition, and a roster that a test may change."""

from datetime import UTC, datetime

from gridsvc.datum.location import locate
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import Duties, compile_duties
from gridsvc.model.roster import Roster, row_key
from tests.fixtures.tiny_city import tiny_rows, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)
EDITION = compile_territory(3, datetime(2026, 1, 1, tzinfo=UTC), tiny_territory())


def duties_with(change=None) -> Duties:
    """Duties of the tiny roster after `change(rows by table)`."""
    rows = tiny_rows()
    if change is not None:
        change(rows)
    return compile_duties(Roster(17, {table: {row_key(r): r for r in found} for table, found in rows.items()}))


DUTIES = duties_with()


def ask(lon, lat, *, datum="WGS84", accuracy_m=None, edition=EDITION, duties=DUTIES, at=AT, **asked):
    """The resolution of a point of the tiny city."""
    return resolve(edition, duties, locate(lon, lat, datum, accuracy_m), at=at, **asked)


def codes(resolution):
    """Trace codes in order."""
    return [line.code for line in resolution.trace]
