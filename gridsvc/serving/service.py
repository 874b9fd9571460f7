"""One reference to the edition in force and the duties, swapped whole, and older editions on demand.

Reading never waits and never touches the database. A request takes its snapshot once and finishes on it, whatever is
swapped meanwhile. With the database gone, answers go on from what is loaded: `refresh` fails, is logged once, and is
tried again.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from gridsvc.errors import NoEdition, NotFound, NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties, compile_duties
from gridsvc.model.edition import Edition, StoreState
from gridsvc.model.resolution import Resolution
from gridsvc.model.roster import Roster, lay_over
from gridsvc.ports import Store
from gridsvc.serving.answers import AnswerCounter
from gridsvc.serving.files import compile_edition
from gridsvc.serving.on_demand import OnDemand, Slots
from gridsvc.serving.ties import TieCounter

POLL_S, WATCH_S = 0.25, 0.05
KEPT_EDITIONS, KEPT_ROSTERS = 4, 4
COMPILING_AT_ONCE = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one answer is made from; immutable."""

    edition: CompiledEdition
    duties: Duties


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The one reference. `coming` is compiled ahead and takes over at its own instant, without anybody's help."""

    state: StoreState
    timeline: tuple[Edition, ...]
    roster: Roster
    duties: Duties
    in_force: CompiledEdition | None
    coming: CompiledEdition | None

    def is_overtaken(self, now: datetime) -> bool:
        """Whether the coming edition is in force by now, so that the one after it is to be compiled."""
        return self.coming is not None and self.coming.effective_from <= now

    def edition_at(self, instant: datetime) -> CompiledEdition | None:
        """The held edition in force at an instant not before the last refresh."""
        return self.coming if self.is_overtaken(instant) else self.in_force


class Serving:
    """Snapshots for any moment. All methods may be called from any thread; only `refresh` and `run` read the database,
    and `at`, `snapshot` and `roster` where they are asked for something that is not loaded. `ties` and
    `answers` count what `note` is shown, `failures` the looks at the store that failed.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        prepare: Callable[[CompiledEdition], None] = lambda _: None,
        open_edition: Callable[[int], CompiledEdition] | None = None,
    ) -> None:
        """`prepare` is given each edition that is to be in force, before it answers. `open_edition` gives editions by
        number; they are compiled in memory if none is said.
        """
        self._store, self._clock, self._prepare = store, clock, prepare
        self._open_edition = open_edition or self._compile
        self._held: _Held | None = None
        self.ties, self.answers, self.failures = TieCounter(), AnswerCounter(), 0
        self._refreshing, self._is_followed = threading.Lock(), False
        slots = Slots(COMPILING_AT_ONCE)
        self._older = OnDemand[int, CompiledEdition](self._open_edition, KEPT_EDITIONS, slots)
        self._rosters = OnDemand[int, tuple[Roster, Duties]](self._load_roster, KEPT_ROSTERS, slots)

    def refresh(self) -> bool:
        """Follow the store and the clock; True when something was swapped. Raises what the store raises."""
        with self._refreshing:
            now, held, state = self._clock(), self._held, self._store.state()
            if held is not None and held.state == state and not held.is_overtaken(now):
                return False
            self._held = self._follow(held, state, now)
            return True

    def catch_up(self, wait_s: float) -> bool:
        """Follow the store for a change that is to be laid over it; False where a new edition is still being compiled.

        That may take minutes, and whoever follows the store does it anyway. Raises what the store raises.
        """
        give_up = monotonic() + wait_s
        while (
            self._is_followed and (held := self._held) is not None and held.state.edition != self._store.state().edition
        ):
            if monotonic() > give_up:
                return False
            sleep(WATCH_S)
        self.refresh()
        return True

    def current(self) -> Snapshot:
        """The snapshot in force now. Raises NotReady before anything is loaded, NoEdition when none is in force yet."""
        held = self._loaded()
        edition = held.edition_at(self._clock())
        if edition is None:
            raise NoEdition(f"No edition is in force yet: the first one takes effect at {self._first(held.timeline)}.")
        return Snapshot(edition, held.duties)

    def find_loaded(self, instant: datetime) -> Snapshot | None:
        """The snapshot for an instant if it needs no compiling. Raises NotReady and NoEdition as `at` does."""
        held = self._loaded()
        number = self._number_at(held.timeline, instant)
        for edition in (held.in_force, held.coming, self._older.find(number)):
            if edition is not None and edition.number == number:
                return Snapshot(edition, held.duties)
        return None

    def at(self, instant: datetime) -> Snapshot:
        """Edition in force at the instant with today's knowledge of the roster; may compile for seconds.

        Raises NotReady, NoEdition before the first one, Busy when too many are being compiled.
        """
        found = self.find_loaded(instant)
        if found is not None:
            return found
        held = self._loaded()
        return Snapshot(self._older.get(self._number_at(held.timeline, instant)), held.duties)

    def snapshot(self, edition: int, roster_revision: int) -> Snapshot:
        """Exactly that edition with that roster revision, to reproduce a frozen answer. Raises NotFound and Busy."""
        held = self._loaded()
        if edition not in {published.number for published in held.timeline}:
            raise NotFound(f"There is no edition {edition}.")
        loaded = {e.number: e for e in (held.in_force, held.coming) if e is not None}
        compiled = loaded.get(edition) or self._older.get(edition)
        if roster_revision == held.state.roster_revision:
            return Snapshot(compiled, held.duties)
        return Snapshot(compiled, self._roster_at(held, roster_revision)[1])

    def roster(self, revision: int | None = None) -> Roster:
        """The roster as loaded, or as it was at a revision. Raises NotFound for one that is not there yet."""
        held = self._loaded()
        if revision is None or revision == held.state.roster_revision:
            return held.roster
        return self._roster_at(held, revision)[0]

    def note(self, resolution: Resolution) -> None:
        """Count an answer to a single place that was given."""
        self.ties.note(resolution)
        self.answers.note(resolution)

    def state(self) -> StoreState:
        """What is loaded: newest edition and roster revision, 0 where there is none."""
        return StoreState(0, 0) if self._held is None else self._held.state

    def timeline(self) -> tuple[Edition, ...]:
        """All published editions by (effective_from, number), from memory."""
        return self._loaded().timeline

    def is_ready(self) -> bool:
        """Whether the edition in force is open. While a newly published one is compiled, the last one still answers."""
        held = self._held
        return held is not None and held.edition_at(self._clock()) is not None

    def run(self, stop: threading.Event) -> None:
        """Refresh until stopped; whatever the store raises is logged once per outage and tried again."""
        failing, self._is_followed = False, True
        while not stop.is_set():
            try:
                self.refresh()
                if failing:
                    _log.info("the database answers again")
                failing = False
            except Exception as error:  # noqa: BLE001  a worker must outlive whatever its database does
                is_empty = self._held is None and isinstance(error, NotReady)
                if not failing and not is_empty:
                    words = "refresh failed, answering from what is loaded: %s"
                    _log.error(words, error, exc_info=not isinstance(error, NotReady))
                self.failures += not is_empty
                failing = not is_empty
            stop.wait(POLL_S)
        self._is_followed = False

    def _number_at(self, timeline: tuple[Edition, ...], instant: datetime) -> int:
        number = _in_force(timeline, instant)
        if number is None:
            asked = instant.astimezone(self._clock().tzinfo).isoformat(timespec="seconds")
            raise NoEdition(
                f"No edition was in force at {asked}: the first one took effect at {self._first(timeline)}."
            )
        return number

    def _first(self, timeline: tuple[Edition, ...]) -> str:
        """When the first edition takes effect, with the offset of the clock, which is the city's."""
        return timeline[0].effective_from.astimezone(self._clock().tzinfo).isoformat(timespec="seconds")

    def _loaded(self) -> _Held:
        held = self._held
        if held is None:
            raise NotReady("No edition has been published yet, or it is still being loaded; try again shortly.")
        return held

    def _roster_at(self, held: _Held, revision: int) -> tuple[Roster, Duties]:
        if not 0 <= revision <= held.state.roster_revision:
            raise NotFound(f"There is no roster revision {revision}; the latest is {held.state.roster_revision}.")
        return self._rosters.get(revision)

    def _follow(self, held: _Held | None, state: StoreState, now: datetime) -> _Held:
        timeline = held.timeline if held is not None and held.state.edition == state.edition else self._list_editions()
        if not timeline:
            raise NotReady("No edition has been published yet.")
        if held is None or held.state.roster_revision != state.roster_revision:
            roster = self._store_roster(held, state.roster_revision)
            duties = compile_duties(roster)
        else:
            roster, duties = held.roster, held.duties
        in_force, coming = _in_force(timeline, now), _coming(timeline, now)
        # First what answers now, then what answers later: a first start is ready before tomorrow's edition is compiled.
        compiled = None if in_force is None else self._open(held, in_force)
        if held is None and coming is not None:
            self._held = _Held(state, timeline, roster, duties, compiled, None)
        ahead = None if coming is None else self._open(held, coming)
        return _Held(state, timeline, roster, duties, compiled, ahead)

    def _store_roster(self, held: _Held | None, revision: int) -> Roster:
        """The roster at a revision: what changed since the held one is little, and all of it takes half a second."""
        if held is None or held.roster.revision > revision:
            return self._store.load_roster(revision)
        return lay_over(held.roster, self._store.list_roster_changes(held.roster.revision, revision), revision)

    def _open(self, held: _Held | None, number: int) -> CompiledEdition:
        for edition in (held.in_force, held.coming) if held is not None else ():
            if edition is not None and edition.number == number:
                return edition
        opened = self._older.find(number) or self._open_edition(number)
        self._prepare(opened)
        return opened

    def _list_editions(self) -> tuple[Edition, ...]:
        return tuple(sorted(self._store.list_editions(), key=lambda e: (e.effective_from, e.number)))

    def _compile(self, number: int) -> CompiledEdition:
        return compile_edition(self._store, self._store.get_edition(number))

    def _load_roster(self, revision: int) -> tuple[Roster, Duties]:
        roster = self._store.load_roster(revision)
        return roster, compile_duties(roster)


def _in_force(timeline: tuple[Edition, ...], now: datetime) -> int | None:
    return max(((e.effective_from, e.number) for e in timeline if e.effective_from <= now), default=(now, None))[1]


def _coming(timeline: tuple[Edition, ...], now: datetime) -> int | None:
    later = [edition for edition in timeline if edition.effective_from > now]
    if not later:
        return None
    return max(e.number for e in later if e.effective_from == later[0].effective_from)
