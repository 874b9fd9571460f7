"""Which edition holds which feature version, written in chunks under the number of the edition that is coming.

Until the row of that edition is there nobody reads them; `repair_some` undoes what a killed publish left.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, case, delete, exists, or_, select, tuple_, update

from gridsvc.model.edition import Draft
from gridsvc.model.territory import Layer
from gridsvc.store.bulk import insert_many
from gridsvc.store.database import Database
from gridsvc.store.pages import iter_differences, iter_pages
from gridsvc.store.selects import held_by
from gridsvc.store.tables import span

_REPAIR_AT_ONCE = 1000
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
        stale = or_(span.c.first_edition > newest, span.c.last_edition >= newest)
        return bool(connection.scalar(select(exists().where(stale))))


def repair_some(connection: Connection, newest: int) -> None:
    """Undo a part of what a killed publish wrote."""
    key = (span.c.feature_id, span.c.first_edition)
    begun = select(*key).where(span.c.first_edition > newest).limit(_REPAIR_AT_ONCE)
    ended = select(*key).where(span.c.last_edition >= newest).limit(_REPAIR_AT_ONCE)
    connection.execute(delete(span).where(tuple_(*key).in_(begun)))
    connection.execute(update(span).where(tuple_(*key).in_(ended)).values(last_edition=None))
