"""Components and who may know of them: none for visitors, those of police, gas and power for few and near by.

A visitor's answers are made as if there were no components: else asking every few metres would draw their map. Staff
get the whole answer, so that everybody is told the same lead, but no guarded component is named in it.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from api.access.allowing import Access
from gridsvc.accounts.guarded import Guarded
from gridsvc.accounts.rights import is_within
from gridsvc.datum.arrays import IntArray
from gridsvc.errors import NoEdition, NotFound, NotReady
from gridsvc.index.compiled import CompiledEdition, ComponentTable
from gridsvc.index.geometry.box_tree import pack_boxes
from gridsvc.index.territory.areas import deepest_areas, lineage_of
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.places import Key
from gridsvc.model.resolution import DepartmentAnswer, Resolution, Rule, TraceLine
from gridsvc.model.territory import Component, Feature, Layer
from gridsvc.serving import Snapshot

_ABOUT_COMPONENT = frozenset({"COMPONENT_GIVEN", "COMPONENT_NEAREST", "LEAD_COMPONENT"})
"""Lines of a trace whose first id is a component's code."""
NAMES_COMPONENT = "ROW_COMPONENT_UNKNOWN"
"""The finding about rows of the roster that names a component; it was there once, and may have been guarded."""


def snapshot_for(access: Access, snapshot: Snapshot) -> Snapshot:
    """What one place is answered from: without components for who may not see any."""
    if access.may(Action.READ_COMPONENTS):
        return snapshot
    return Snapshot(_without_components(snapshot.edition), snapshot.duties)


def snapshot_for_many(access: Access, snapshot: Snapshot) -> Snapshot:
    """What many places are answered from: without guarded components that the asker may not see, by where they stand.
    Made once for each reach; of a large city that takes a while.
    """
    if sees_all(access) or not access.may(Action.READ_COMPONENTS):
        return snapshot_for(access, snapshot)
    return Snapshot(
        _as_seen(_Look(snapshot.edition, _edition_of_today(access), sight_of(access), access)), snapshot.duties
    )


def conceal(answer: Resolution, access: Access, edition: CompiledEdition, asked: Key | None) -> Resolution:
    """The answer without the names of guarded components that the asker may not see. Raises NotFound for one that was
    asked about by name, as if it were not there.
    """
    guarded = _guarded_codes(edition, access.services.guarded)
    named = {name for line in answer.trace for name in line.ids if name in guarded}
    hidden = named - {item.code for item in visible(access, [guarded[code] for code in named])}
    if not hidden:
        return answer
    if asked is not None and asked.code in hidden:
        raise _not_there(asked, edition)
    return replace(
        answer,
        departments=tuple(_unnamed(department, hidden) for department in answer.departments),
        trace=tuple(line for line in answer.trace if not _tells(line, hidden)),
    )


def check_component(access: Access, edition: CompiledEdition, asked: Key) -> None:
    """Raise NotFound for a guarded component that the asker may not see, as if it were not there; how far away it is
    is not told either.
    """
    item = _guarded_codes(edition, access.services.guarded).get(asked.code)
    if item is not None and not visible(access, [item]):
        raise _not_there(asked, edition)


def conceal_document(document: dict[str, Any], access: Access) -> bool:
    """As `conceal`, for an answer that was kept as JSON: changed in place; False where nothing had to be."""
    hidden = hidden_names(document, access)
    if not hidden:
        return False
    document["trace"] = [line for line in document["trace"] if not _tells(TraceLine(**line), hidden)]
    for department in document["departments"]:
        if department["rule_id"] in hidden:
            department["rule_id"] = None
    return True


def hidden_names(document: dict[str, Any], access: Access) -> set[str]:
    """The guarded components that a kept answer names and the asker may not see."""
    named = named_guarded(document, access)
    areas = [area["code"] for area in document["areas"]]
    gone = {code for code, item in named.items() if item is None}
    seen = {item.code for item in visible(access, [item for item in named.values() if item is not None])}
    return named.keys() - seen - (gone if _may_see(access, areas) else set())


def named_guarded(document: dict[str, Any], access: Access) -> dict[str, Component | None]:
    """The guarded components that a kept answer names, whoever asks. One that the city of today does not have any more
    (None) may have been one.
    """
    named = {department["rule_id"] for department in document["departments"] if department["rule"] == Rule.COMPONENT}
    named -= {None}  # hidden already
    named |= {line["ids"][0] for line in document["trace"] if line["code"] in _ABOUT_COMPONENT}
    if not named:
        return {}
    guarded, plain = _components_of_today(access)
    return {code: guarded.get(code) for code in named - plain}


def visible(access: Access, components: Sequence[Feature]) -> list[Feature]:
    """The components of a layer that the asker may see, by where they stand in the city of today."""
    if sight_of(access) == Reach.ALL:
        return list(components)
    guarded = [item for item in components if is_guarded(item, access.services.guarded)]
    lineages = _areas_of(access, guarded)
    hidden = {id(item) for item, areas in zip(guarded, lineages, strict=True) if not _may_see(access, areas, item)}
    return [item for item in components if id(item) not in hidden]


def unseen(access: Access, names: Collection[Key]) -> set[Key]:
    """Of components that something else names, those whose names are not for the asker. One that the city of today
    does not have may have been guarded.
    """
    if not access.may(Action.READ_COMPONENTS):
        return set(names)
    edition = _edition_of_today(access)
    table = None if edition is None else edition.components
    found = {} if table is None else {key: table.items[table.index_of[key]] for key in names if key in table.index_of}
    seen = {Key(item.scheme, item.code) for item in visible(access, list(found.values()))}
    return {name for name in names if name not in seen and (name in found or not _may_see(access, ()))}


def sees_all(access: Access) -> bool:
    """Whether every component of the city is for the asker."""
    return access.may(Action.READ_COMPONENTS) and sight_of(access) == Reach.ALL


def sees_all_of_draft(access: Access) -> bool:
    """Whether what a draft or a file says of single components is for the asker: for who edits drafts, and who may see
    guarded ones everywhere. Which of them are guarded is not known there before they are published.
    """
    return sight_of(access) == Reach.ALL or access.may(Action.EDIT_DRAFTS)


def shown_findings(access: Access, findings: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Findings without those about components, where these are not for the asker: their words name single ones."""
    if sees_all_of_draft(access):
        return findings
    return [
        finding for finding in findings if finding["layer"] != Layer.COMPONENTS and finding["code"] != NAMES_COMPONENT
    ]


def sight_of(access: Access) -> str:
    """What a list of components depends on beside the edition."""
    far, account = access.reach(Action.READ_GUARDED_COMPONENTS), access.caller.account
    if far is not Reach.SCOPE or account is None:
        return far.value
    if account.area is None and account.department is None:
        return Reach.ALL.value
    return hashlib.sha256(repr((account.area, account.department)).encode()).hexdigest()[:16]


def is_guarded(item: Feature, guarded: Guarded) -> bool:
    """Whether it is a component that is in no tile and that only some may see."""
    return isinstance(item, Component) and guarded.covers(item.category)


def _components_of_today(access: Access) -> tuple[dict[str, Component], frozenset[str]]:
    """(guarded ones by code, codes of the others)."""
    edition = _edition_of_today(access)
    if edition is None:
        return {}, frozenset()
    return _guarded_codes(edition, access.services.guarded), _plain_codes(edition, access.services.guarded)


def _edition_of_today(access: Access) -> CompiledEdition | None:
    try:
        return access.services.serving.current().edition
    except (NoEdition, NotReady):
        return None


def _may_see(access: Access, areas: Iterable[str], item: Feature | None = None) -> bool:
    """Within the reach of the right: the territory that it stands in, or as one of its own departments."""
    departments = {item.competent, item.owner, item.maintainer} - {None} if isinstance(item, Component) else set()
    far = access.reach(Action.READ_GUARDED_COMPONENTS)
    codes = [code for code in departments if code is not None]
    return is_within(access.caller, far, areas=list(areas), departments=codes, made_by=None)


def _areas_of(access: Access, components: Sequence[Feature]) -> list[list[str]]:
    edition = _edition_of_today(access)
    if edition is None:
        return [[] for _ in components]
    points = np.array([item.geometry for item in components if isinstance(item, Component)], object)
    deepest = deepest_areas(edition, shapely.get_x(points), shapely.get_y(points))
    return [[area.code for area in lineage_of(edition, int(index))] for index in deepest]


def _not_there(asked: Key, edition: CompiledEdition) -> NotFound:
    shown = f"{asked.scheme}:{asked.code}"
    return NotFound(
        f"component {shown} is not in edition {edition.number}: give one of its components", component=shown
    )


def _unnamed(department: DepartmentAnswer, hidden: set[str]) -> DepartmentAnswer:
    return replace(department, rule_id=None) if department.rule_id in hidden else department


def _tells(line: TraceLine, hidden: set[str]) -> bool:
    return any(code in line.ids or code in line.zh or code in line.en for code in hidden)


@lru_cache(maxsize=8)
def _guarded_codes(edition: CompiledEdition, guarded: Guarded) -> dict[str, Component]:
    items = edition.components.items
    return {items.keys.codes[row]: items[row] for row in np.flatnonzero(items.are_of(guarded.covers)).tolist()}


@lru_cache(maxsize=2)
def _plain_codes(edition: CompiledEdition, guarded: Guarded) -> frozenset[str]:
    items = edition.components.items
    return frozenset(items.keys.codes.take(np.flatnonzero(~items.are_of(guarded.covers))))


@lru_cache(maxsize=2)
def _without_components(edition: CompiledEdition) -> CompiledEdition:
    return replace(edition, components=_keep(edition.components, np.zeros(0, np.int64)))


@dataclass(frozen=True, slots=True)
class _Look:
    """An edition as somebody sees it, by where things stand `today`."""

    edition: CompiledEdition
    today: CompiledEdition | None
    sight: str
    access: Access = field(compare=False)


@lru_cache(maxsize=4)
def _as_seen(look: _Look) -> CompiledEdition:
    items = look.edition.components.items
    is_kept = ~items.are_of(look.access.services.guarded.covers)
    guarded = [(row, items[row]) for row in np.flatnonzero(~is_kept).tolist()]
    seen = {id(item) for item in visible(look.access, [item for _, item in guarded])}
    is_kept[[row for row, item in guarded if id(item) in seen]] = True
    return replace(look.edition, components=_keep(look.edition.components, np.flatnonzero(is_kept)))


def _keep(table: ComponentTable, rows: IntArray) -> ComponentTable:
    x, y = table.x[rows], table.y[rows]
    return ComponentTable(table.items.take(rows), x, y, pack_boxes(np.stack([x, y, x, y], axis=-1)))
