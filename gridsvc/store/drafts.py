"""Drafts: editions being edited. Their changes are added revision by revision and never overwritten."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gridsvc.errors import Conflict
from gridsvc.model.edition import ChangeKind, Draft, DraftState
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Layer, Territory
from gridsvc.ports import AlsoOfDraft
from gridsvc.store.bulk import insert_many
from gridsvc.store.database import Database
from gridsvc.store.pages import Difference, iter_differences, iter_draft, iter_draft_roster, load_layers
from gridsvc.store.revisions import Revision, discard_replays, get_open_draft
from gridsvc.store.rows import decode_change, decode_draft, encode_changes
from gridsvc.store.selects import get_draft, get_edition, highest_edition
from gridsvc.store.tables import draft, draft_roster
from gridsvc.store.work import SqlWork


class Drafts:
    """The part of the store that answers `DraftStore`, but for the long writes."""

    _database: Database

    def create_draft(
        self,
        now: datetime,
        comment: str = "",
        crs: str | None = None,
        *,
        replay_of: Draft | None = None,
        also: AlsoOfDraft | None = None,
    ) -> Draft:
        """A draft based on the highest-numbered edition; as a replay it ends with the draft that it stands for."""
        with self._database.write() as connection:
            based_on = highest_edition(connection)
            if crs is None and based_on:
                crs = get_edition(connection, based_on).crs
            row = {
                "based_on": based_on,
                "revision": 0,
                "state": DraftState.OPEN.value,
                "created_at": now,
                "crs": crs,
                "comment": comment,
                "replay_of": None if replay_of is None else replay_of.number,
                "replayed_revision": None if replay_of is None else replay_of.revision,
            }
            number = connection.execute(insert(draft).values(row).returning(draft.c.number)).scalar_one()
            return _told(connection, number, also)

    def get_draft(self, number: int) -> Draft:
        """One draft, else NotFound."""
        with self._database.read() as connection:
            return get_draft(connection, number)

    def list_drafts(self) -> list[Draft]:
        """All drafts, published and discarded ones too, oldest first."""
        with self._database.read() as connection:
            return [decode_draft(row) for row in connection.execute(select(draft).order_by(draft.c.number))]

    def load_draft(self, number: int) -> Territory:
        """The territory as the draft would publish it, at the revision that it has now."""
        source = self.get_draft(number)
        return load_layers(source.crs or "", {layer: iter_draft(self._database, source, layer) for layer in Layer})

    def set_draft_crs(self, number: int, crs: str) -> Draft:
        """A change like others: the revision grows."""
        with self._database.write() as connection:
            revision = Revision(number)
            revision.hold(connection)
            return revision.accept(connection, crs=crs)

    def list_changes(self, number: int) -> list[tuple[Layer, Key]]:
        """What is really different from the base: a feature changed there and back is not named."""
        source = self.get_draft(number)
        return [(layer, change.key) for layer in Layer for change in iter_differences(self._database, source, layer)]

    def describe_changes(self, number: int) -> list[tuple[Layer, Key, ChangeKind]]:
        """By layer, then key."""
        source = self.get_draft(number)
        return [
            (layer, change.key, _kind_of(change))
            for layer in Layer
            for change in iter_differences(self._database, source, layer)
        ]

    def put_draft_roster(self, number: int, changes: Sequence[RosterChange]) -> Draft:
        """A later entry of the same table and key replaces an earlier one when published."""
        rows = encode_changes(changes)
        revision = Revision(number)
        revision.clear_leftovers(self._database)
        chunks = self._database.chunks(rows)
        for chunk, is_last in chunks:
            with chunks.write() as connection:
                source = revision.hold(connection)
                keys = {"draft": number, "revision": source.revision + 1}
                insert_many(connection, draft_roster, [row | keys for row in chunk])
                if is_last and rows:
                    source = revision.accept(connection)
        return source

    def list_draft_roster(self, number: int) -> list[RosterChange]:
        """The last entry of each table and key, by table and key."""
        source = self.get_draft(number)
        return [decode_change(row) for row in iter_draft_roster(self._database, source)]

    def discard_draft(self, number: int, *, revision: int | None = None, also: AlsoOfDraft | None = None) -> Draft:
        """An end: a discarded draft can be read, and no longer changed."""
        with self._database.write() as connection:
            source = get_open_draft(connection, number)
            if revision is not None and source.revision != revision:
                msg = f"draft {number} was changed by somebody else meanwhile; look at it and try again"
                raise Conflict(msg, draft=number)
            ended = update(draft).where(draft.c.number == number).values(state=DraftState.DISCARDED.value)
            connection.execute(ended)
            discard_replays(connection, number)
            return _told(connection, number, also)


def _told(connection: Connection, number: int, also: AlsoOfDraft | None) -> Draft:
    changed = get_draft(connection, number)
    if also is not None:
        also(SqlWork(connection), changed)
    return changed


def _kind_of(change: Difference) -> ChangeKind:
    if change.before is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if change.after is None else ChangeKind.CHANGED
