"""Making a draft, or an older edition, the newest edition: spans in chunks, then the one row that makes it exist."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, insert, update

from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft, DraftState, Edition
from gridsvc.ports import Progress
from gridsvc.store.column_types import as_utc
from gridsvc.store.database import Database
from gridsvc.store.revisions import get_open_draft
from gridsvc.store.rosters import publish_roster
from gridsvc.store.rows import encode_edition
from gridsvc.store.selects import get_edition, highest_edition
from gridsvc.store.spans import (
    Step,
    has_leftovers,
    repair_some,
    steps_between,
    steps_of_draft,
    write_steps,
)
from gridsvc.store.tables import draft
from gridsvc.store.tables import edition as edition_table
from gridsvc.store.turns import Turn

_Finish = Callable[[Connection], None]


class Publishing:
    """The part of `DraftStore` that makes editions. Of two at the same time one gets Conflict."""

    _database: Database

    def publish_draft(
        self, number: int, edition: Edition, progress: Progress, *, revision: int | None = None
    ) -> Edition:
        """With `revision`, only when the draft is still what was checked; roster changes enter the log with it."""
        with self._database.write() as connection:
            source = get_open_draft(connection, number)
            _check_base(connection, source)
        checked = source if revision is None else replace(source, revision=revision)

        def finish(connection: Connection) -> None:
            _end_draft(connection, checked)
            publish_roster(connection, checked, edition)

        steps = steps_of_draft(self._database, checked)
        return self._publish(edition, steps, finish, progress)

    def restore_edition(self, source: int, edition: Edition, progress: Progress) -> Edition:
        """The roster stays as it is: it has its own history."""
        with self._database.read() as connection:
            get_edition(connection, source)
            newest = highest_edition(connection)
        steps = steps_between(self._database, newest, source)
        again = replace(edition, restored_from=source)
        return self._publish(again, steps, lambda _: None, progress)

    def _publish(self, edition: Edition, steps: Iterator[Step], finish: _Finish, progress: Progress) -> Edition:
        turn = Turn("publish")
        self._repair(turn, edition)
        done = 0
        for chunk, is_last in self._database.chunks(steps):
            with self._database.write() as connection:
                turn.hold(connection)
                _check_next(connection, edition)
                write_steps(connection, edition.number, chunk)
                if is_last:
                    connection.execute(insert(edition_table), encode_edition(edition))
                    finish(connection)
                    published = get_edition(connection, edition.number)
            done += len(chunk)
            progress(done, done if is_last else 0)
        self._database.gather_statistics()
        return published

    def _repair(self, turn: Turn, edition: Edition) -> None:
        with self._database.write() as connection:
            turn.hold(connection)
            _check_next(connection, edition)
        while has_leftovers(self._database, edition.number - 1):
            with self._database.write() as connection:
                turn.hold(connection)
                repair_some(connection, edition.number - 1)


def _check_base(connection: Connection, source: Draft) -> None:
    newest = highest_edition(connection)
    if source.based_on != newest:
        msg = f"draft {source.number} is based on edition {source.based_on}, but edition {newest} was published since"
        raise Conflict(msg, draft=source.number, based_on=source.based_on, newest=newest)


def _check_next(connection: Connection, edition: Edition) -> None:
    newest = highest_edition(connection)
    if edition.number != newest + 1:
        msg = f"edition {edition.number} cannot be published: the next number is {newest + 1}"
        raise Conflict(msg, newest=newest)
    if newest and as_utc(edition.effective_from) < (last := get_edition(connection, newest).effective_from):
        msg = f"an edition cannot take effect before edition {newest}, which does at {last.isoformat()}"
        raise Conflict(msg, newest=newest)


def _end_draft(connection: Connection, checked: Draft) -> None:
    found = get_open_draft(connection, checked.number)
    if found.revision != checked.revision:
        msg = f"draft {checked.number} was changed while it was being published; check and publish it again"
        raise Conflict(msg, draft=checked.number)
    published = update(draft).where(draft.c.number == checked.number)
    connection.execute(published.values(state=DraftState.PUBLISHED.value))
