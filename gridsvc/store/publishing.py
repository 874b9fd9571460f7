"""Making a draft, or an older edition, the newest edition: spans in chunks, then the one row that makes it exist."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, insert, update

from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft, DraftState, Edition
from gridsvc.model.work import Message, Topic
from gridsvc.ports import Also, Progress
from gridsvc.store.column_types import as_utc
from gridsvc.store.database import Database
from gridsvc.store.live import tell
from gridsvc.store.revisions import discard_replays, get_open_draft
from gridsvc.store.rosters import copy_roster, hold_roster
from gridsvc.store.rows import encode_edition
from gridsvc.store.selects import get_edition, highest_edition
from gridsvc.store.spans import (
    Step,
    has_leftovers,
    iter_leftovers,
    steps_between,
    steps_of_draft,
    undo_spans,
    write_steps,
)
from gridsvc.store.tables import draft
from gridsvc.store.tables import edition as edition_table
from gridsvc.store.turns import Turn
from gridsvc.store.work import SqlWork

_Finish = Callable[[Connection], None]


class Publishing:
    """The part of `DraftStore` that makes editions. Of two at the same time one gets Conflict."""

    _database: Database

    def publish_draft(
        self,
        number: int,
        edition: Edition,
        progress: Progress,
        *,
        revision: int | None = None,
        roster: int | None = None,
        also: Also | None = None,
    ) -> Edition:
        """With the revisions, only while draft and roster are what was checked; its roster changes are logged."""
        with self._database.write() as connection:
            source = get_open_draft(connection, number)
            _check_base(connection, source)
        checked = source if revision is None else replace(source, revision=revision)

        turn = self._begin(edition)
        changes = copy_roster(self._database, checked, edition)

        def finish(connection: Connection) -> None:
            _end_draft(connection, checked, edition.number)
            if roster is not None:
                _check_roster(connection, roster)
            if changes is not None:
                changes.finish(connection)
            _tell(connection, edition, checked, also)

        steps = steps_of_draft(self._database, checked)
        return self._publish(turn, edition, steps, finish, progress)

    def restore_edition(
        self, source: int, edition: Edition, progress: Progress, *, also: Also | None = None
    ) -> Edition:
        """The roster stays as it is: it has its own history."""
        with self._database.read() as connection:
            get_edition(connection, source)
            newest = highest_edition(connection)
        steps = steps_between(self._database, newest, source)
        again = replace(edition, restored_from=source)

        def finish(connection: Connection) -> None:
            _tell(connection, again, None, also)

        return self._publish(self._begin(again), again, steps, finish, progress)

    def _publish(
        self, turn: Turn, edition: Edition, steps: Iterator[Step], finish: _Finish, progress: Progress
    ) -> Edition:
        done = 0
        chunks = self._database.chunks(steps)
        for chunk, is_last in chunks:
            with chunks.write() as connection:
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

    def _begin(self, edition: Edition) -> Turn:
        """Take the turn to publish, and undo what a killed publish left."""
        turn = Turn("publish")
        newest = edition.number - 1
        with self._database.write() as connection:
            turn.hold(connection)
            _check_next(connection, edition)
        if has_leftovers(self._database, newest):
            chunks = self._database.chunks(iter_leftovers(self._database, newest))
            for chunk, _ in chunks:
                with chunks.write() as connection:
                    turn.hold(connection)
                    undo_spans(connection, newest, chunk)
        return turn


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


def _end_draft(connection: Connection, checked: Draft, edition: int) -> None:
    """The draft, and first the one that it stands for: who edits or ends that one holds them in the same order."""
    ended = {checked.number: checked.revision}
    if checked.replay_of is not None and checked.replayed_revision is not None:
        ended = {checked.replay_of: checked.replayed_revision} | ended
    for number, revision in ended.items():
        if get_open_draft(connection, number).revision != revision:
            msg = f"draft {number} was changed while it was being published; check and publish it again"
            raise Conflict(msg, draft=number)
        published = update(draft).where(draft.c.number == number)
        connection.execute(published.values(state=DraftState.PUBLISHED.value, edition=edition))
    for number in ended:
        discard_replays(connection, number)


def _check_roster(connection: Connection, checked: int) -> None:
    """Nobody appends from here to the commit, and nobody did since it was checked."""
    newest = hold_roster(connection)
    if newest != checked:
        msg = f"the roster was changed while it was checked with the edition: it is at revision {newest}, not {checked}"
        raise Conflict(msg, roster=newest)


def _tell(connection: Connection, edition: Edition, source: Draft | None, also: Also | None) -> None:
    """What belongs to making an edition current, in the same transaction; the outbox comes last in it. The draft is the
    one that somebody made, whether it or its replay was published.
    """
    if also is not None:
        also(SqlWork(connection), edition)
    body: dict[str, object] = {
        "number": edition.number,
        "effective_from": as_utc(edition.effective_from).isoformat(),
        "draft": None if source is None else source.replay_of or source.number,
        "restored_from": edition.restored_from,
    }
    tell(connection, [Message(topic=Topic.EDITION_PUBLISHED, at=edition.published_at, body=body)])
