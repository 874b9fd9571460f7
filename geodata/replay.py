"""A draft whose base was overtaken: its changes laid over the newest edition, where nobody else touched them."""

from dataclasses import dataclass, replace
from datetime import datetime

from geodata.drafts import index_features, with_crs
from geodata.issues import found
from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key
from gridsvc.model.territory import Feature, Group, Layer, Territory, key_of
from gridsvc.ports import Progress, Store

Named = tuple[Layer, Key]


@dataclass(frozen=True)
class Replay:
    """The draft's territory as if it had been made on edition `onto`; `conflicts` forbid that."""

    source: Draft
    onto: int
    territory: Territory
    put: dict[Named, Feature]
    removed: tuple[Named, ...]
    conflicts: tuple[Issue, ...]


def plan_replay(store: Store, draft: Draft, onto: int) -> Replay:
    """Lay the draft's changes over edition `onto`, in memory.

    A feature that both touched is a conflict, even with the same result; so is a neighbour that gained a vertex.
    """
    base = index_features(store.load_territory(draft.based_on)) if draft.based_on else {}
    newest = store.load_territory(onto)
    there = index_features(newest)
    mine = index_features(store.load_draft(draft.number))
    changes = store.list_changes(draft.number)
    conflicts = tuple(
        _conflict(layer, key, mine.get((layer, key)) or base.get((layer, key)), onto)
        for layer, key in changes
        if base.get((layer, key)) != there.get((layer, key))
    )
    put = {name: mine[name] for name in changes if name in mine}
    removed = tuple(name for name in changes if name not in mine)
    merged = {name: feature for name, feature in (there | put).items() if name not in removed}
    territory = with_crs(_territory(_crs(store, draft, newest), merged))
    return Replay(draft, onto, territory, put, removed, conflicts)


def write_replay(store: Store, replay: Replay, now: datetime, progress: Progress) -> Draft:
    """The replay as a new draft on the newest edition, with the roster changes, to be published for the old draft.

    Conflict, and no new draft, where another edition came in between.
    """
    source = replay.source
    draft = store.create_draft(now, source.comment, replay.territory.crs, replay_of=source)
    if draft.based_on != replay.onto:
        store.discard_draft(draft.number)
        raise Conflict(f"edition {draft.based_on} was published meanwhile: publish draft {source.number} again")
    for layer in Layer:
        put = [feature for (at, _), feature in replay.put.items() if at is layer]
        removed = [key for at, key in replay.removed if at is layer]
        if put or removed:
            store.put_features(draft.number, layer, put, removed, progress)
    store.put_draft_roster(draft.number, store.list_draft_roster(source.number))
    return store.get_draft(draft.number)


def _conflict(layer: Layer, key: Key, feature: Feature | None, onto: int) -> Issue:
    place = None if feature is None or isinstance(feature, Group) else feature.geometry
    return found("REBASE_CONFLICT", layer.value, (key.code,), place, edition=onto)


def _crs(store: Store, draft: Draft, newest: Territory) -> str:
    """The draft's CRS where it set another one than its base had."""
    base = store.get_edition(draft.based_on).crs if draft.based_on else None
    return draft.crs if draft.crs is not None and draft.crs != base else newest.crs


def _territory(crs: str, features: dict[Named, Feature]) -> Territory:
    layers = {
        layer.value: tuple(sorted((feature for (at, _), feature in features.items() if at is layer), key=key_of))
        for layer in Layer
    }
    return replace(Territory(crs), **layers)  # type: ignore[arg-type]
