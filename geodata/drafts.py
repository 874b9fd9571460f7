"""What stands in a draft: its changes, its territory and roster as they would be published, and their findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geodata.checks import check_overlaps_among, check_territory
from geodata.checks.context import bounding_box
from geodata.checks.ground import ground_of_territory
from geodata.checks.roster_checks import ROW_CHECKS
from geodata.checks.rows import RosterContext
from geodata.draft_index import DraftIndex
from geodata.importing import find_target
from geodata.issues import Findings, settle
from geodata.schemes import Schemes
from gridsvc.datum.plane import default_crs
from gridsvc.errors import NotFound
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, lay_over
from gridsvc.model.territory import Feature, Layer, Territory, key_of
from gridsvc.ports import Progress, Store


@dataclass(frozen=True, slots=True)
class LayerChanges:
    """How many features of one layer a draft adds, changes and removes against its base."""

    added: int
    changed: int
    removed: int


def find_open_draft(store: Store, number: int | None = None) -> int | None:
    """The named draft, else the only open one, else None; Conflict where several are open or the named one is not."""
    draft = find_target(store, number)
    return None if draft is None else draft.number


def get_open_draft(store: Store, number: int | None = None) -> int:
    """The same; NotFound where none is open."""
    found = find_open_draft(store, number)
    if found is None:
        raise NotFound("no draft is open: import a layer first")
    return found


def territory_of_draft(store: Store, number: int) -> Territory:
    """The draft as it would be published, measured in its own CRS or, where it has none, the UTM zone of the data."""
    return with_crs(store.load_draft(number))


def with_crs(territory: Territory) -> Territory:
    """The territory with a CRS in any case."""
    box = bounding_box(territory)
    if territory.crs or box is None:
        return territory
    return replace(territory, crs=default_crs(box))


def roster_of_draft(store: Store, number: int) -> Roster:
    """The latest roster with the draft's own changes applied, under the revision that it stands on."""
    return lay_over(store.load_roster(), store.list_draft_roster(number))


def index_features(territory: Territory) -> dict[tuple[Layer, Key], Feature]:
    """Features by layer and key."""
    return {(layer, key_of(feature)): feature for layer, feature in territory.features()}


def draft_changes(store: Store, number: int) -> dict[Layer, LayerChanges]:
    """Counts by layer; layers without changes are left out."""
    base = store.get_draft(number).based_on
    before = index_features(store.load_territory(base)) if base else {}
    after = index_features(store.load_draft(number))
    counts: dict[Layer, LayerChanges] = {}
    for layer, key in store.list_changes(number):
        had, has = (layer, key) in before, (layer, key) in after
        old = counts.get(layer, LayerChanges(0, 0, 0))
        counts[layer] = LayerChanges(old.added + (not had), old.changed + (had and has), old.removed + (not has))
    return counts


def check_draft(
    store: Store, number: int, schemes: Schemes, *, today: date, progress: Progress | None = None
) -> list[Issue]:
    """All findings of a draft with its roster changes, accepted ones as notes."""
    return check_territory(
        territory_of_draft(store, number),
        roster_of_draft(store, number),
        schemes,
        today=today,
        progress=progress,
        acceptances=store.list_acceptances(),
    )


def check_edition(
    store: Store, number: int, schemes: Schemes, *, today: date, progress: Progress | None = None
) -> list[Issue]:
    """All findings of a published edition with the latest roster, accepted ones as notes.

    Those that only changes of the roster are asked for are told as well: nothing waits to be published here.
    """
    territory, roster, accepted = store.load_territory(number), store.load_roster(), store.list_acceptances()
    issues = check_territory(territory, roster, schemes, today=today, progress=progress, acceptances=accepted)
    context, of_rows = RosterContext(ground_of_territory(territory), roster, today), Findings()
    for check in ROW_CHECKS:
        of_rows.extend(settle(check.find(context), accepted))
    return issues + of_rows.as_list()


def neighbours_of_changes(index: DraftIndex, changed: Sequence[tuple[Layer, Key]]) -> set[tuple[Layer, Key]]:
    """The changed features and those of their layer whose bounding box meets theirs."""
    found = set(changed)
    for layer, key in changed:
        box = index.box_of(layer, key)
        if box is not None:
            found |= {(other, near) for other, near in index.query(box) if other is layer}
    return found


def check_changes(store: Store, number: int, index: DraftIndex, schemes: Schemes, *, today: date) -> list[Issue]:
    """Overlaps that a draft's changes make, found without looking at the rest of the city; quick after each edit.

    The whole check, with gaps, codes and roster, runs at publish.
    """
    index.catch_up(store)
    changed = store.list_changes(number)
    looked_at = neighbours_of_changes(index, changed)
    part = restrict(with_crs(store.load_draft(number)), looked_at)
    codes: Mapping[str, set[str]] = {layer.value: {key.code for at, key in changed if at is layer} for layer in Layer}
    issues = check_overlaps_among(part, schemes, today=today)
    return [issue for issue in issues if not codes[issue.layer].isdisjoint(issue.features)]


def restrict(territory: Territory, keep: set[tuple[Layer, Key]]) -> Territory:
    """Only the named areas and cells of a territory."""
    return Territory(
        territory.crs,
        areas=tuple(area for area in territory.areas if (Layer.AREAS, key_of(area)) in keep),
        cells=tuple(cell for cell in territory.cells if (Layer.CELLS, key_of(cell)) in keep),
    )
