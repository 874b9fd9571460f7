"""From draft to edition: check everything again, compile as proof, commit. Restoring takes the same last steps.

A running server is not told: it follows the newest edition number in the store.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from geodata.checks import check_territory
from geodata.drafts import roster_of_draft, territory_of_draft
from geodata.issues import list_blocking
from geodata.replay import Replay, plan_replay, write_replay
from geodata.schemes import Schemes
from gridsvc.errors import Conflict, InvalidInput, PublishRefused
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.edition import Draft, DraftState, Edition
from gridsvc.model.issue import Issue
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Layer, Territory
from gridsvc.ports import Also, Progress, Store, Work

ATTEMPTS = 5
"""How often a draft is laid over an edition that was published while it was being checked."""

PATIENCE_S = 30.0
"""How long another publisher may take to write; one that was killed never comes to an end."""


AlsoPublished = Callable[[Work, Edition, list[Issue]], None]
Keep = Callable[[CompiledEdition], None]


@dataclass(frozen=True)
class _Candidate:
    """What is about to be published: the draft as it was checked, or its replay onto the newest edition."""

    draft: Draft
    territory: Territory
    replay: Replay | None
    roster: Roster


@dataclass(frozen=True)
class _Order:
    """What a planner said about publishing, and what it is checked by."""

    now: datetime
    schemes: Schemes
    progress: Progress
    effective_from: datetime | None
    comment: str


def publish(  # noqa: PLR0913 - one value per thing that a planner says, all by name
    store: Store,
    number: int,
    *,
    now: datetime,
    schemes: Schemes,
    progress: Progress,
    effective_from: datetime | None = None,
    comment: str = "",
    also: AlsoPublished | None = None,
    keep: Keep | None = None,
) -> tuple[Edition, list[Issue]]:
    """Make a draft the newest edition, in force from `effective_from` (default `now`); its findings come with it.

    PublishRefused carries the findings that block, or the features that another edition changed first. The local day
    of the roster is that of `effective_from` in the time zone of `now`. Conflict: the draft changed meanwhile. Where
    another edition was published meanwhile, the draft is replayed onto that one and checked again; so it is where the
    roster was changed. `also` is told the findings, and done in the transaction that makes the edition current; `keep`
    gets the compiled edition before that, for those who are going to answer from it.
    """
    order = _Order(now, schemes, progress, effective_from, comment)
    attempts = 0
    while True:
        attempts += 1
        newest = store.state().edition
        candidate, starts_at, issues = _examine(store, number, order)
        blocking = list_blocking(issues)
        if blocking:
            raise PublishRefused(f"draft {number} has {len(blocking)} findings that block: mend or accept them", issues)
        try:
            compiled = _compile(store, candidate.territory, starts_at, progress, keep)
            edition = _edition(compiled, candidate.territory, now, comment or candidate.draft.comment)
            done = _write(store, candidate, edition, order, _with_findings(also, issues))
        except Conflict:
            if attempts == ATTEMPTS or _was_edited(store, candidate.draft):
                raise
            if store.state().roster_revision == candidate.roster.revision:
                _let_the_other_finish(store, newest)
        else:
            return done, issues


def _write(store: Store, candidate: _Candidate, edition: Edition, order: _Order, also: Also | None) -> Edition:
    """The edition, by the draft itself or by its replay; one that comes to nothing is taken back."""
    draft, progress = candidate.draft, order.progress
    if candidate.replay is not None:
        draft = write_replay(store, candidate.replay, order.now, progress)
    checked, roster = draft.revision, candidate.roster.revision
    try:
        return store.publish_draft(draft.number, edition, progress, revision=checked, roster=roster, also=also)
    except Conflict:
        if candidate.replay is not None:
            with suppress(Conflict):  # who ended the draft meanwhile ended its replays with it
                store.discard_draft(draft.number)
        raise


def preview(
    store: Store,
    number: int,
    *,
    now: datetime,
    schemes: Schemes,
    progress: Progress,
    effective_from: datetime | None = None,
) -> list[Issue]:
    """The findings with which `publish` would refuse or publish the draft now; nothing is written.

    What refuses without looking at the layers is raised as `publish` raises it, conflicts with another edition too.
    """
    return _examine(store, number, _Order(now, schemes, progress, effective_from, ""))[2]


def restore(  # noqa: PLR0913 - as in `publish`
    store: Store,
    number: int,
    *,
    now: datetime,
    progress: Progress,
    effective_from: datetime | None = None,
    also: Also | None = None,
    keep: Keep | None = None,
) -> Edition:
    """Publish an older edition again under a new number, in force from `effective_from` (default `now`).

    `also` is done in the transaction that makes it current, `keep` is as in `publish`.

    Conflict where what was read does not compile to the digest of the source: the store has lost something.
    """
    starts_at = _check_start(store, now, effective_from)
    source = store.get_edition(number)
    territory = store.load_territory(number)
    compiled = _compile(store, territory, starts_at, progress, keep)
    edition = _edition(compiled, territory, now, f"restores edition {number}")
    if edition.digest != source.digest:
        msg = f"edition {number} compiles to another digest than when it was published: run gridsvc doctor"
        raise Conflict(msg, expected=source.digest, found=edition.digest)
    return store.restore_edition(number, edition, progress, also=also)


def _with_findings(also: AlsoPublished | None, issues: list[Issue]) -> Also | None:
    return None if also is None else lambda work, edition: also(work, edition, issues)


def _was_edited(store: Store, checked: Draft) -> bool:
    """Whether the draft is no longer what was checked."""
    draft = store.get_draft(checked.number)
    return draft.state is not DraftState.OPEN or draft.revision != checked.revision


def _let_the_other_finish(store: Store, newest: int) -> None:
    """Until another edition is there; who tried at once would take the turn from the one that is writing it."""
    end = time.monotonic() + PATIENCE_S
    while store.state().edition == newest and time.monotonic() < end:
        time.sleep(0.2)


def _check_start(store: Store, now: datetime, effective_from: datetime | None) -> datetime:
    """An edition never reaches back: neither before now nor before the edition before it."""
    editions = store.list_editions()
    starts_at = effective_from or now
    if starts_at.tzinfo is None:
        raise InvalidInput("effective_from needs an offset, such as 2026-01-01T00:00:00+08:00")
    if starts_at < now:
        raise InvalidInput(f"an edition cannot take effect in the past: {starts_at.isoformat()} is before now")
    if editions and starts_at < editions[-1].effective_from:
        last = editions[-1]
        if effective_from is None and last.effective_from == last.published_at:
            return last.effective_from  # published after our `now`, and at once in force: that moment is past too
        msg = f"edition {last.number} takes effect at {last.effective_from.isoformat()}: the next one not before that"
        raise InvalidInput(msg)
    return starts_at


def _examine(store: Store, number: int, order: _Order) -> tuple[_Candidate, datetime, list[Issue]]:
    """(what would be published, from when, its findings)."""
    starts_at = _check_start(store, order.now, order.effective_from)
    candidate = _prepare(store, number)
    issues = check_territory(
        candidate.territory,
        candidate.roster,
        order.schemes,
        today=starts_at.astimezone(order.now.tzinfo).date(),
        progress=order.progress,
        acceptances=store.list_acceptances(),
    )
    return candidate, starts_at, issues


def _prepare(store: Store, number: int) -> _Candidate:
    draft = store.get_draft(number)
    if draft.state is not DraftState.OPEN:
        raise Conflict(f"draft {number} is {draft.in_words}: open a new one")
    newest, replay = store.state().edition, None
    if draft.based_on == newest:
        territory = territory_of_draft(store, number)
    else:
        replay = plan_replay(store, draft, newest)
        territory = replay.territory
        if replay.conflicts:
            msg = f"draft {number} changes {len(replay.conflicts)} features that edition {newest} changed first"
            raise PublishRefused(msg, replay.conflicts)
    if not territory.cells and not territory.areas:
        raise PublishRefused(f"draft {number} holds neither cells nor areas: import a layer first")
    return _Candidate(draft, territory, replay, roster_of_draft(store, number))


def _compile(
    store: Store, territory: Territory, starts_at: datetime, progress: Progress, keep: Keep | None
) -> CompiledEdition:
    """Compiled before anything is written: what does not compile is never published."""
    compiled = compile_territory(store.state().edition + 1, starts_at, territory, progress)
    if compiled.bbox is not None and keep is not None:
        keep(compiled)
    return compiled


def _edition(compiled: CompiledEdition, territory: Territory, now: datetime, comment: str) -> Edition:
    if compiled.bbox is None:
        raise PublishRefused("nothing is drawn: an edition needs at least one cell, area or segment with a geometry")
    return Edition(
        number=compiled.number,
        effective_from=compiled.effective_from,
        published_at=now,
        crs=compiled.crs,
        bbox=compiled.bbox,
        counts={layer.value: len(territory.layer(layer)) for layer in Layer},
        digest=compiled.digest,
        comment=comment,
    )
