"""What the service needs from a store; filled in by `gridsvc.store`, named only in `api.bootstrap`.

Verbs: `get_x` raises NotFound, `find_x` may return None, `list_x` gives all. Everything written is durable when the
call returns, and becomes visible whole: a killed import or publish leaves no trace that a reader sees.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from gridsvc.model.edition import ChangeKind, Draft, Edition, StoreState
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.roster import Author, Roster, RosterChange, RosterEntry
from gridsvc.model.territory import Feature, Layer, Territory
from gridsvc.ports.accounts import AccountStore, AccountWork
from gridsvc.ports.disputes import DisputeStore, DisputeWork
from gridsvc.ports.expiry import ExpiryStore
from gridsvc.ports.incidents import IncidentStore, IncidentWork
from gridsvc.ports.jobs import JobStore, JobWork
from gridsvc.ports.live import LiveStore, LiveWork
from gridsvc.ports.operation import OperationStore
from gridsvc.ports.recording import RecordingStore, ReplyWork

Progress = Callable[[int, int], None]
"""Called with (done, total) while long work goes on; total is 0 while it is unknown."""


class EditionStore(Protocol):
    """Published territory."""

    def state(self) -> StoreState:
        """Newest edition number and roster revision, 0 where there is none; cheap enough to poll."""

    def list_editions(self) -> list[Edition]:
        """All editions, oldest first."""

    def find_edition_in_force(self, at: datetime) -> Edition | None:
        """The greatest (effective_from, number) with effective_from ≤ at."""

    def get_edition(self, number: int) -> Edition:
        """One edition."""

    def load_territory(self, number: int) -> Territory:
        """All layers of an edition."""

    def iter_features(self, number: int, layer: Layer) -> Iterator[Feature]:
        """One layer of an edition in order of (scheme, code), without holding all of it."""

    def list_features_in_box(self, number: int, layer: Layer, box: BoundingBox, limit: int) -> list[Feature]:
        """Features of an edition whose bounding box meets the box (spatial index), by (scheme, code)."""

    def count_features_in_box(self, number: int, layer: Layer, box: BoundingBox, most: int) -> int:
        """How many `list_features_in_box` finds; counting ends at `most`."""


class DraftStore(Protocol):
    """Editions being edited."""

    def create_draft(
        self,
        now: datetime,
        comment: str = "",
        crs: str | None = None,
        *,
        replay_of: Draft | None = None,
        also: "AlsoOfDraft | None" = None,
    ) -> Draft:
        """A draft based on the highest-numbered edition (0: none), with that edition's CRS unless given; as the replay
        of another one it is published for that one. `also` is done in the same transaction.
        """

    def get_draft(self, number: int) -> Draft:
        """One draft."""

    def list_drafts(self) -> list[Draft]:
        """All drafts, oldest first."""

    def load_draft(self, number: int) -> Territory:
        """The base edition with the draft's changes laid over it; `crs` is "" where none is set yet."""

    def set_draft_crs(self, number: int, crs: str) -> Draft:
        """Set the projected CRS that the coming edition measures in."""

    def put_features(
        self, number: int, layer: Layer, features: Iterable[Feature], remove: Sequence[Key], progress: Progress
    ) -> Draft:
        """Lay features over a draft and remove others, all at once; the draft's revision grows by one."""

    def list_changes(self, number: int) -> list[tuple[Layer, Key]]:
        """What a draft adds, changes or removes against its base."""

    def describe_changes(self, number: int) -> list[tuple[Layer, Key, ChangeKind]]:
        """The same with what is done, by layer and key; reads no geometry."""

    def put_draft_roster(self, number: int, changes: Sequence[RosterChange]) -> Draft:
        """Roster changes that are to be published together with the borders."""

    def list_draft_roster(self, number: int) -> list[RosterChange]:
        """The roster changes that wait in a draft."""

    def discard_draft(self, number: int, *, revision: int | None = None, also: "AlsoOfDraft | None" = None) -> Draft:
        """End a draft without publishing; with `revision` Conflict where it has changed since that one. `also` as for
        `create_draft`.
        """

    def publish_draft(
        self,
        number: int,
        edition: Edition,
        progress: Progress,
        *,
        revision: int | None = None,
        roster: int | None = None,
        also: "Also | None" = None,
    ) -> Edition:
        """Make the draft edition `edition.number` (the next one, else Conflict); its roster changes enter the log. With
        a replay the draft that it stands for is published too, Conflict where that one has changed since.

        With `revision` Conflict where the draft has changed since that one, which is the one that was checked; with
        `roster` where the roster has.
        `also` is done in the transaction that makes it current.
        """

    def restore_edition(
        self, source: int, edition: Edition, progress: Progress, *, also: "Also | None" = None
    ) -> Edition:
        """Publish the content of an older edition again, under a new number; `also` as for `publish_draft`."""


class AcceptanceStore(Protocol):
    """Findings that somebody accepted with a reason: they are told, and block no more."""

    def list_acceptances(self) -> dict[str, str]:
        """Issue id → reason."""

    def accept_issues(self, issue_ids: Sequence[str], reason: str, now: datetime) -> None:
        """Remember acceptances."""


class RosterStore(Protocol):
    """The append-only roster."""

    def load_roster(self, revision: int | None = None) -> Roster:
        """The roster as known at a revision, or the latest."""

    def append_roster(
        self, changes: Sequence[RosterChange], now: datetime, comment: str = "", onto: int | None = None
    ) -> int:
        """Log changes as one new revision, and return its number. Conflict where somebody else made one after `onto`,
        the revision that the changes were made for; nothing of them is seen then.
        """

    def list_roster_changes(self, after: int, revision: int) -> list[RosterChange]:
        """What changed after one revision and up to another one, each row once, taken back ones as None."""

    def find_row_revision(self, table: str, key: str, revision: int | None = None) -> int | None:
        """The revision of a row's last change, as known at a revision or now."""

    def list_row_history(self, table: str, key: str) -> list[RosterEntry]:
        """Everything that the log says of one row."""


class RosterWork(Protocol):
    """Changing the roster, in the transaction of a `Work`."""

    def hold_roster(self) -> int:
        """Let nobody else append until the transaction ends; the newest revision."""

    def append_roster(
        self, changes: Sequence[RosterChange], now: datetime, comment: str = "", author: Author | None = None
    ) -> int:
        """As `RosterStore.append_roster`, together with whatever else the transaction does."""


class Work(AccountWork, DisputeWork, IncidentWork, JobWork, LiveWork, ReplyWork, RosterWork, Protocol):
    """One use case: everything done through it is committed together when its block ends, or not at all.

    On SQLite it holds the only write lock, so it is for small things: decide and compute before it is begun.
    """


Also = Callable[[Work, Edition], None]
"""What else is to be done in the transaction that makes an edition current."""
AlsoOfDraft = Callable[[Work, Draft], None]
"""What else is to be done in the transaction that begins or ends a draft."""


class Store(
    EditionStore,
    DraftStore,
    AcceptanceStore,
    RosterStore,
    AccountStore,
    IncidentStore,
    RecordingStore,
    ExpiryStore,
    LiveStore,
    JobStore,
    OperationStore,
    DisputeStore,
    Protocol,
):
    """One database: one city."""

    def begin(self) -> AbstractContextManager[Work]:
        """A transaction that is durable when the block ends, and undone when it raises."""

    def close(self) -> None:
        """Give back connections and files."""
