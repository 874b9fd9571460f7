"""What a batch asks about: categories as numbers, the same for all chunks of one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from gridsvc.datum.arrays import BoolArray, Int32Array
from gridsvc.errors import UnknownCategory
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.question import Matter, frame_matter
from gridsvc.model.departments import CategoryKind
from gridsvc.model.places import Key

NO_CATEGORY = 0


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A column of categories: `indices` into `keys`, -1 for none."""

    indices: Int32Array
    keys: Sequence[Key]

    def __len__(self) -> int:
        return len(self.indices)

    def part(self, rows: slice) -> "Categories":
        """Some of the rows."""
        return Categories(self.indices[rows], self.keys)


def encode_categories(keys: Sequence[Key | None]) -> Categories:
    """A category for each row, as a column."""
    places: dict[Key | None, int] = {None: -1}
    indices = [places.setdefault(key, len(places) - 1) for key in keys]
    return Categories(np.array(indices, np.int32), [key for key in places if key is not None])


class Matters:
    """The matters of one instant by number: 0 is the one without a category, then the categories of the roster."""

    def __init__(self, duties: Duties, at: datetime, options: ResolveOptions) -> None:
        """Refuses (InvalidInput) an instant without a zone."""
        self.plain = frame_matter(duties, at, None, options)
        self._duties, self._at, self._options = duties, at, options
        self._keys = [None, *duties.categories]
        self.numbers: Mapping[Key | None, int] = {key: number for number, key in enumerate(self._keys)}
        kinds = [category.kind for category in duties.categories.values()]
        self.is_about_component: BoolArray = np.array([False, *(kind is CategoryKind.COMPONENT for kind in kinds)])

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, number: int) -> Matter:
        return frame_matter(self._duties, self._at, self._keys[number], self._options)

    def read(self, column: Categories) -> tuple[Int32Array, dict[int, str]]:
        """The matter of each row, and why rows have none, by row."""
        number_of, wrong = np.zeros(len(column.keys) + 1, np.int32), {}
        for index, key in enumerate(column.keys):
            try:
                frame_matter(self._duties, self._at, key, self._options)
                number_of[index] = self.numbers[key]
            except UnknownCategory as error:
                wrong[index] = error.message
        rows = np.flatnonzero(np.isin(column.indices, list(wrong))) if wrong else np.zeros(0, np.int64)
        told = zip(rows.tolist(), column.indices[rows].tolist(), strict=True)
        return number_of[column.indices], {row: wrong[index] for row, index in told}
