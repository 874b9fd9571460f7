"""Which edition holds which feature version, written in chunks under the number of the edition that is coming.

Until the row of that edition is there nobody reads them; `undo_spans` undoes what a killed publish left.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, Row, bindparam, case, exists, or_, select, update

from gridsvc.model.edition import Draft
from gridsvc.model.territory import Layer
from gridsvc.store.bulk import delete_many, insert_many
from gridsvc.store.database import Database
from gridsvc.store.pages import iter_differences, iter_pages
from gridsvc.store.selects import held_by
from gridsvc.store.tables import span

Step = tuple[int | None, int | None]
"""A feature version that goes and one that comes; either may be None."""


def steps_of_draft(database: Database, source: Draft) -> Iterator[Step]:
    """From a draft's base to what it publishes."""
    for layer in Layer:
        yield from ((change.before, change.after) for change in iter_differences(database, source, layer))


def steps_between(database: Database, newest: int, source: int) -> Iterator[Step]:
    """From the newest edition to the content of an older one."""
    query = select(
        span.c.feature_id,
        span.c.first_edition,
        case((held_by(newest), 1), else_=0).label("now"),
        case((held_by(source), 1), else_=0).label("then"),
    ).where(span.c.first_edition <= newest)
    rows = (row for page in iter_pages(database, query, span.c.feature_id, span.c.first_edition) for row in page)
    for version, spans in groupby(rows, key=attrgetter("feature_id")):
        now, then = (any(held) for held in zip(*((row.now, row.then) for row in spans), strict=True))
        if now and not then:
            yield version, None
        elif then and not now:
            yield None, version


def write_steps(connection: Connection, number: int, steps: Sequence[Step]) -> None:
    """Close the spans of what goes with the edition before `number`, open those of what comes."""
    going = [old for old, _ in steps if old is not None]
    if going:
        opened = update(span).where(span.c.feature_id.in_(going), span.c.last_edition.is_(None))
        connection.execute(opened.values(last_edition=number - 1))
    coming = [{"feature_id": new, "first_edition": number} for _, new in steps if new is not None]
    insert_many(connection, span, coming)


def has_leftovers(database: Database, newest: int) -> bool:
    """Whether spans begin after the newest edition or end with it: a finished publish leaves neither."""
    with database.read() as connection:
        return bool(connection.scalar(select(exists().where(_stale(newest)))))


def iter_leftovers(database: Database, newest: int) -> Iterator[Row[tuple[int, int]]]:
    """The keys of such spans."""
    key = (span.c.feature_id, span.c.first_edition)
    for page in iter_pages(database, select(*key).where(_stale(newest)), *key):
        yield from page


def undo_spans(connection: Connection, newest: int, keys: Sequence[Row[tuple[int, int]]]) -> None:
    """Remove what was to come after the newest edition, and open again what was to end with it."""
    delete_many(connection, span, [key for key in keys if key.first_edition > newest])
    ended = [{"feature": key.feature_id, "first": key.first_edition} for key in keys if key.first_edition <= newest]
    if ended:
        one = update(span).where(span.c.feature_id == bindparam("feature"), span.c.first_edition == bindparam("first"))
        connection.execute(one.values(last_edition=None), ended)


def _stale(newest: int) -> ColumnElement[bool]:
    return or_(span.c.first_edition > newest, span.c.last_edition >= newest)
