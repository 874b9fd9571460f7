"""A spatial index of one draft that follows its edits, unlike the packed trees of published editions."""

from collections.abc import Iterator
from threading import Lock
from typing import Any

from rtree.index import Index

from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.territory import Feature, Group, Layer, Territory, key_of
from gridsvc.ports import Store

Named = tuple[Layer, Key]
Bounds = tuple[float, float, float, float]


class DraftIndex:
    """Bounding boxes (lon/lat) of a draft's features at one revision.

    libspatialindex is not thread-safe, so one lock stands around every use.
    """

    def __init__(self, store: Store, number: int) -> None:
        self._lock = Lock()
        self._number = number
        self._revision = store.get_draft(number).revision
        self._boxes = dict(_boxes(store.load_draft(number)))
        self._names: dict[int, Named] = dict(enumerate(self._boxes))
        self._ids = {name: number for number, name in self._names.items()}
        self._changed = set(store.list_changes(number))
        entries = [(self._ids[name], box, None) for name, box in self._boxes.items()]
        self._index: Any = Index(iter(entries)) if entries else Index()

    @property
    def revision(self) -> int:
        """The draft's revision that the index shows."""
        return self._revision

    def catch_up(self, store: Store) -> None:
        """Follow the draft's change log; only what was ever changed against the base is taken out and put in again."""
        with self._lock:
            revision = store.get_draft(self._number).revision
            if revision == self._revision:
                return
            changed = set(store.list_changes(self._number))
            boxes = dict(_boxes(store.load_draft(self._number), changed | self._changed))
            for name in changed | self._changed:
                self._replace(name, boxes.get(name))
            self._changed, self._revision = changed, revision

    def query(self, box: BoundingBox) -> list[Named]:
        """Features whose bounding box meets the closed box, by layer and key."""
        with self._lock:
            hits = list(self._index.intersection((box.west, box.south, box.east, box.north)))
            return sorted(self._names[hit] for hit in hits)

    def box_of(self, layer: Layer, key: Key) -> BoundingBox | None:
        """Bounding box of a feature; None for removed ones, groups and areas without a polygon."""
        with self._lock:
            bounds = self._boxes.get((layer, key))
        return BoundingBox(*bounds) if bounds else None

    def _replace(self, name: Named, box: Bounds | None) -> None:
        number = self._ids.setdefault(name, len(self._ids))
        self._names[number] = name
        old = self._boxes.pop(name, None)
        if old is not None:
            self._index.delete(number, old)
        if box is not None:
            self._index.insert(number, box)
            self._boxes[name] = box


def _boxes(territory: Territory, only: set[Named] | None = None) -> Iterator[tuple[Named, Bounds]]:
    for layer, feature in territory.features():
        name = (layer, key_of(feature))
        bounds = _bounds(feature) if only is None or name in only else None
        if bounds is not None:
            yield name, bounds


def _bounds(feature: Feature) -> Bounds | None:
    if isinstance(feature, Group) or feature.geometry is None:
        return None
    west, south, east, north = feature.geometry.bounds
    return west, south, east, north
