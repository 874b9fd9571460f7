"""Files into a layer of a draft: read, normalise, compare with what is there, write whole or not at all.

Without `commit` it is a dry run with the same report. Findings that block, and are not accepted with a reason, refuse
the whole import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import shapely
from shapely import MultiPolygon

from geodata.formats import read_files
from geodata.issues import found, list_blocking, settle
from geodata.normalise import Incoming, Rules, normalise
from geodata.normalise.datums import why_unusable
from geodata.schemes import Schemes
from gridsvc.datum import parse_datum
from gridsvc.errors import Conflict, InvalidInput, LayerRefused, UnknownDatum
from gridsvc.model.edition import Draft, DraftState
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Feature, Layer, Polygonal, key_of
from gridsvc.ports import Progress, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What to import and how.

    `columns` is our column → their field. `accept` is issue id → reason. `mode` replace: the layer is then what the
    files say; merge: features are added or changed, in the attributes that the files have columns for. `datum` may be
    left out only where every file carries its CRS. `crs` is what a new draft will be measured in, None: as before.
    """

    layer: Layer
    files: Sequence[Path]
    scheme: str | None = None
    datum: str | None = None
    code_from_filename: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    mode: Literal["replace", "merge"] = "replace"
    draft: int | None = None
    encoding: str | None = None
    repair: bool = False
    accept: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    commit: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What the import did, or would do. `draft` is None where none was open and nothing was written."""

    draft: int | None
    added: int
    changed: int
    removed: int
    unchanged: int
    issues: tuple[Issue, ...]
    committed: bool


@dataclass(frozen=True, slots=True)
class _Changes:
    put: list[Feature]
    removed: list[Key]
    added: int
    unchanged: int


def find_target(store: Store, number: int | None) -> Draft | None:
    """The named draft, else the only open one, else None; Conflict where several are open or the named one is not."""
    if number is not None:
        draft = store.get_draft(number)
        if draft.state is not DraftState.OPEN:
            raise Conflict(f"draft {number} is {draft.state.value.lower()} and takes no changes: open a new one")
        return draft
    drafts = [draft for draft in store.list_drafts() if draft.state is DraftState.OPEN]
    if len(drafts) > 1:
        numbers = ", ".join(str(draft.number) for draft in drafts)
        raise Conflict(f"drafts {numbers} are open: say which one", drafts=[draft.number for draft in drafts])
    return drafts[0] if drafts else None


def _load_layer(store: Store, draft: Draft | None, layer: Layer) -> dict[Key, Feature]:
    features: Iterable[Feature]
    if draft is not None:
        features = store.load_draft(draft.number).layer(layer)
    else:
        newest = store.state().edition
        features = store.iter_features(newest, layer) if newest else ()
    return {key_of(feature): feature for feature in features}


def _merged(old: Feature, item: Incoming) -> Feature:
    return replace(old, **{name: getattr(item.feature, name) for name in item.given})


def _as_drawn(old: Feature, new: Feature) -> Feature:
    """The new feature with the old outline, where the two differ only in how a format winds and nests rings.

    A Shapefile turns rings, desktop programs make every polygon a multi-part one: that is no change of the ground.
    Lines keep their direction: it says which side is left.
    """
    if not isinstance(old, Area | Cell) or not isinstance(new, Area | Cell):
        return new
    if old.geometry is None or new.geometry is None or old.geometry == new.geometry:
        return new
    same = shapely.normalize(_plain_outline(old.geometry)) == shapely.normalize(_plain_outline(new.geometry))
    return replace(new, geometry=old.geometry) if same else new


def _plain_outline(geometry: Polygonal) -> Polygonal:
    parts = geometry.geoms if isinstance(geometry, MultiPolygon) else (geometry,)
    return parts[0] if len(parts) == 1 else geometry


def _compare(existing: Mapping[Key, Feature], incoming: Sequence[Incoming], mode: str) -> _Changes:
    put: list[Feature] = []
    kept: set[Key] = set()
    added = unchanged = 0
    for item in incoming:
        key = key_of(item.feature)
        old = existing.get(key)
        feature = _merged(old, item) if old is not None and mode == "merge" else item.feature
        feature = feature if old is None else _as_drawn(old, feature)
        kept.add(key)
        if old is None:
            added += 1
        elif old == feature:
            unchanged += 1
            continue
        put.append(feature)
    removed = sorted(set(existing) - kept) if mode == "replace" else []
    return _Changes(put, removed, added, unchanged)


def _check_request(request: ImportRequest, schemes: Schemes) -> str | None:
    """The datum as it was said, under its right name; InvalidInput for what no file could mend."""
    if not request.files:
        raise InvalidInput("no file was named")
    if request.scheme is not None and schemes.get(request.scheme).layer is not request.layer:
        fitting = ", ".join(scheme.name for scheme in schemes.list_for(request.layer))
        raise InvalidInput(f"scheme {request.scheme} is not one of {request.layer.value}: use {fitting}")
    if any(not reason.strip() for reason in request.accept.values()):
        raise InvalidInput("a finding is accepted only with a reason")
    if request.datum is None:
        return None
    why = why_unusable(request.datum)
    if why is not None:
        raise UnknownDatum(why)
    return parse_datum(request.datum)


def _settle(store: Store, request: ImportRequest, issues: Sequence[Issue]) -> list[Issue]:
    """Accepted findings become notes; an acceptance that met no finding is told."""
    idle = sorted(set(request.accept) - {issue.id for issue in issues})
    told = [found("ACCEPTED_NOTHING", request.layer.value, (), None, id=name) for name in idle]
    return [*settle(issues, {**store.list_acceptances(), **request.accept}), *told]


def _keep_acceptances(store: Store, request: ImportRequest, issues: Sequence[Issue], now: datetime) -> None:
    """Those that met a finding: an id with a slip in it would wait for one that nobody has looked at."""
    met = {issue.id for issue in issues}
    for reason in dict.fromkeys(request.accept.values()):
        store.accept_issues(
            [name for name, why in request.accept.items() if why == reason and name in met], reason, now
        )


def import_layer(
    store: Store, request: ImportRequest, now: datetime, progress: Progress, schemes: Schemes
) -> ImportReport:
    """Bring files into a layer of a draft; LayerRefused carries every finding and means that nothing was written."""
    datum = _check_request(request, schemes)
    draft = find_target(store, request.draft)
    rules = Rules(
        request.layer, schemes, request.scheme, datum, request.code_from_filename, request.columns, request.repair
    )
    tables = read_files(request.files, request.layer.value, request.encoding)
    incoming, raw = normalise(tables, rules, progress)
    del tables
    issues = _settle(store, request, raw)
    blocking = list_blocking(issues)
    if blocking:
        raise LayerRefused(f"{request.layer.value} cannot be imported: findings that block: {len(blocking)}", issues)
    changes = _compare(_load_layer(store, draft, request.layer), incoming, request.mode)
    if request.commit and (changes.put or changes.removed):
        if draft is None:
            draft = store.create_draft(now, f"import of {request.layer.value}", request.crs)
        _keep_acceptances(store, request, raw, now)
        store.put_features(draft.number, request.layer, changes.put, changes.removed, progress)
    changed = len(changes.put) - changes.added
    return ImportReport(
        draft.number if draft is not None else None,
        changes.added,
        changed,
        len(changes.removed),
        changes.unchanged,
        tuple(issues),
        request.commit,
    )
