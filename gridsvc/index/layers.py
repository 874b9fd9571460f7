"""The layers of a territory, read once each: what they say goes into the digest, what they look like into arrays."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from gridsvc.datum.arrays import FloatArray
from gridsvc.errors import InvalidInput
from gridsvc.index.digest import ContentDigest, packed_values
from gridsvc.index.geometry.flat import FlatShapes, Gathering
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Feature, Layer, key_of

Features = Callable[[Layer], Iterable[Feature]]
"""The features of a layer in order of (scheme, code)."""


class LayerReader:
    """Reads layers in the order of `Layer`; `flat` are the shapes of the last one that was read to its end."""

    def __init__(self, crs: str, features: Features, on_feature: Callable[[], None] = lambda: None) -> None:
        """`on_feature` is called for each."""
        self._digest, self._features, self._on_feature = ContentDigest(crs), features, on_feature
        self._boxes: list[BoundingBox] = []
        self.flat: FlatShapes = Gathering().whole()

    def read(self, layer: Layer) -> Iterator[Feature]:
        """One layer. Raises InvalidInput where a key comes twice."""
        values, shapes, count, before = bytearray(), Gathering(), 0, None
        for feature in self._features(layer):
            key = key_of(feature)
            if before is not None and key < before:
                msg = f"{layer.value} do not come in order: {key.scheme}:{key.code} comes after {before.code}"
                raise ValueError(msg)
            if key == before:
                msg = f"{key.scheme}:{key.code} is there twice: give each feature of a layer its own code"
                raise InvalidInput(msg, code=key.code)
            values += packed_values(feature)
            shapes.add(getattr(feature, "geometry", None))
            count, before = count + 1, key
            self._on_feature()
            yield feature
        self.flat = shapes.whole()
        # Editions from before there were places keep their digest: an empty layer of them adds nothing.
        if count or layer is not Layer.PLACES:
            self._digest.add_layer(count, values, self.flat)
        if len(self.flat.x):
            self._boxes.append(BoundingBox(*(float(side) for side in _extent(self.flat.boxes))))

    def digest(self) -> str:
        """Of all layers that were read."""
        return self._digest.hexdigest()

    def bbox(self) -> BoundingBox | None:
        """Around all layers that were read; None where nothing has a shape."""
        if not self._boxes:
            return None
        return BoundingBox(*(float(side) for side in _extent(np.array([box.as_list() for box in self._boxes]))))


def _extent(boxes: FloatArray) -> FloatArray:
    return np.concatenate([np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)])
