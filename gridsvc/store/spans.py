"""Which edition holds which feature version, written in chunks under the number of the edition that is coming.

Until the row of that edition is there nobody reads them; `repair_some` undoes what a killed publish left.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, or_, select, tuple_, update

from gridsvc.model.edition import Draft
from gridsvc.model.places import Key
from gridsvc.model.territory import Layer
from gridsvc.store.database import Database
from gridsvc.store.selects import after_key, differences, held_by
from gridsvc.store.tables import draft_change, span

_PAGE = 5000
_REPAIR_AT_ONCE = 1000
Step = tuple[int | None, int | None]
"""A feature version that goes and one that comes; either may be None."""


def steps_of_draft(database: Database, source: Draft) -> Iterator[Step]:
    """From a draft's base to what it publishes."""
    for layer in Layer:
        changes = differences(source, layer)
        columns = changes.selected_columns
        last: Key | None = None
        while True:
            page = changes.where(after_key(columns.scheme, columns.code, last)).order_by("scheme", "code").limit(_PAGE)
            with database.read() as connection:
                rows = connection.execute(page).all()
            yield from ((row.old_id, row.new_id) for row in rows)
            if len(rows) < _PAGE:
                break
            last = Key(rows[-1].scheme, rows[-1].code)


def count_of_draft(database: Database, source: Draft) -> int:
    """At most so many steps: changes there and back are counted too."""
    written = (draft_change.c.draft == source.number, draft_change.c.revision <= source.revision)
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(draft_change).where(*written)) or 0


def steps_between(database: Database, newest: int, source: int) -> Iterator[Step]:
    """From the newest edition to the content of an older one."""
    yield from ((going, None) for going in _only_in(database, newest, source))
    yield from ((None, coming) for coming in _only_in(database, source, newest))


def write_steps(connection: Connection, number: int, steps: Sequence[Step]) -> None:
    """Close the spans of what goes with the edition before `number`, open those of what comes."""
    going = [{"going": old} for old, _ in steps if old is not None]
    coming = [{"feature_id": new, "first_edition": number} for _, new in steps if new is not None]
    if going:
        opened = update(span).where(span.c.feature_id == bindparam("going"), span.c.last_edition.is_(None))
        connection.execute(opened.values(last_edition=number - 1), going)
    if coming:
        connection.execute(insert(span), coming)


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


def count_between(database: Database, newest: int, source: int) -> int:
    """How many steps lead from the newest edition to an older one."""
    with database.read() as connection:
        counts = [
            _select_only_in(*pair).with_only_columns(func.count()) for pair in ((newest, source), (source, newest))
        ]
        return sum(connection.scalar(count) or 0 for count in counts)


def _only_in(database: Database, number: int, other: int) -> Iterator[int]:
    last = 0
    while True:
        query = _select_only_in(number, other).where(span.c.feature_id > last).order_by(span.c.feature_id).limit(_PAGE)
        with database.read() as connection:
            versions: list[int] = list(connection.scalars(query))
        yield from versions
        if len(versions) < _PAGE:
            return
        last = versions[-1]


def _select_only_in(number: int, other: int) -> Select[tuple[int]]:
    """Versions that one edition holds and another does not."""
    twin = span.alias("twin")
    elsewhere = exists().where(twin.c.feature_id == span.c.feature_id, held_by(other, twin))
    return select(span.c.feature_id).where(held_by(number), ~elsewhere)
