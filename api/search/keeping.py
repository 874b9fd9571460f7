"""What a serving process searches: names and codes of the edition that answers, people of the roster that does.

Both are built in a thread of their own, so that answers never wait; until the first are there, searching says so.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.bootstrap import Services
from api.search.people import People, gather_people
from gridsvc.errors import NoEdition, NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.territory import Layer, Place
from gridsvc.roster.whereabouts import whereabouts_of
from gridsvc.search.codes import CodeIndex
from gridsvc.search.entries import Entry
from gridsvc.search.names import NameIndex

LOOK_S = 0.5
RETRY_AFTER_S = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Things:
    """What an edition holds: names of areas, segments and places by kind; codes and names of cells by its tables."""

    number: int
    names: Mapping[str, NameIndex]
    areas: CodeIndex
    segments: CodeIndex
    cells: CodeIndex
    cell_names: CodeIndex
    edition: CompiledEdition


class SearchKeeper:
    """The two indices, swapped whole. `things` and `people` may be called from any thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._things: Things | None = None
        self._people: People | None = None

    def things(self) -> Things:
        """The newest that is built. Raises NotReady before the first."""
        if self._things is None:
            raise NotReady(
                "What can be searched is still being gathered; try again shortly.", retry_after_s=RETRY_AFTER_S
            )
        return self._things

    def people(self) -> People:
        """The newest that is built. Raises NotReady before the first."""
        if self._people is None:
            raise NotReady(
                "What can be searched is still being gathered; try again shortly.", retry_after_s=RETRY_AFTER_S
            )
        return self._people

    def run(self, stop: threading.Event) -> None:
        """Follow what is served, until stopped; failures are told once and tried again."""
        failing = False
        while not stop.wait(LOOK_S):
            try:
                self.refresh()
                failing = False
            except (NotReady, NoEdition):
                pass
            except Exception:  # noqa: BLE001  a worker must outlive whatever its database does
                _log.log(
                    logging.DEBUG if failing else logging.ERROR, "search could not be brought up to date", exc_info=True
                )
                failing = True

    def refresh(self) -> None:
        """Build what has changed. Raises what the store raises, and NotReady and NoEdition before the first edition."""
        serving, today = self._services.serving, self._services.settings.now().date()
        edition = serving.current().edition
        if self._things is None or self._things.number != edition.number:
            places = self._services.store.iter_features(edition.number, Layer.PLACES)
            self._things = gather_things(edition, (place for place in places if isinstance(place, Place)))
        roster = serving.roster()
        known = self._people
        if known is None or (known.revision, known.day, known.edition) != (roster.revision, today, edition.number):
            self._people = gather_people(roster, today, edition.number, whereabouts_of(edition))


def gather_things(edition: CompiledEdition, places: Iterator[Place]) -> Things:
    """Index an edition and its places."""
    return Things(
        edition.number,
        {
            "area": NameIndex(area_entry(edition, index) for index in range(len(edition.areas))),
            "segment": NameIndex(segment_entry(edition, index) for index in range(len(edition.segments))),
            "place": NameIndex(_place_entry(place) for place in places),
        },
        CodeIndex(edition.areas.items.keys.codes),
        CodeIndex(edition.segments.items.keys.codes),
        CodeIndex(edition.cells.keys.codes),
        CodeIndex(edition.cells.names),
        edition,
    )


def area_entry(edition: CompiledEdition, index: int) -> Entry:
    """An area as it is found; its middle is that of its box."""
    area = edition.areas.items[index]
    above = edition.areas.lineage[index][:-1]
    detail = " › ".join(edition.areas.items.names[one] for one in above)
    box = None if area.geometry is None else area.geometry.bounds
    lon, lat = (None, None) if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return Entry("area", area.code, area.scheme, area.name, detail, lon, lat, box)


def segment_entry(edition: CompiledEdition, index: int) -> Entry:
    """A segment as it is found, at the middle of its line."""
    segment = edition.segments.items[index]
    middle = segment.geometry.interpolate(0.5, normalized=True)
    codes = sorted(edition.segments.subdistricts[index])
    rows = (edition.areas.index_of.get(code) for code in codes)
    known = [edition.areas.items.names[row] for row in rows if row is not None]
    return Entry(
        "segment",
        segment.code,
        segment.scheme,
        segment.name,
        "、".join(known),
        middle.x,
        middle.y,
        segment.geometry.bounds,
    )


def cell_entry(edition: CompiledEdition, index: int) -> Entry:
    """A cell as it is found; its middle is that of its box."""
    key, area = edition.cells.keys[index], int(edition.cells.area[index])
    west, south, east, north = (float(side) for side in edition.cells.polygons.boxes[index])
    detail = "" if area < 0 else edition.areas.items.names[area]
    middle = ((west + east) / 2, (south + north) / 2)
    return Entry("cell", key.code, key.scheme, edition.cells.names[index], detail, *middle, (west, south, east, north))


def _place_entry(place: Place) -> Entry:
    others = (*((place.address,) if place.address else ()), *place.aliases)
    point = place.geometry
    return Entry(
        "place", place.code, place.scheme, place.name, place.address or "", point.x, point.y, other_names=others
    )
