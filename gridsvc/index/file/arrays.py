"""Tables to named arrays and back: a table is a dataclass or named tuple of arrays, whole numbers, and such tables."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from gridsvc.index.file.unusable import UnusableIndex

AnyArray = NDArray[Any]
T = TypeVar("T")


def arrays_of(table: object, name: str) -> Iterator[tuple[str, AnyArray]]:
    """Every array of a table, named by the way to it: `cells.polygons.x`. Truths come as bytes: Arrow packs them."""
    if isinstance(table, np.ndarray):
        yield name, table.view(np.uint8) if table.dtype == np.bool_ else table
    elif isinstance(table, int):
        yield name, np.array([table], np.int64)
    else:
        for part in _parts(type(table)):
            yield from arrays_of(getattr(table, part), f"{name}.{part}")


def table_of(kind: type[T], arrays: Mapping[str, AnyArray], name: str) -> T:
    """The table of a kind whose arrays these are. Raises UnusableIndex where one is missing or of another type."""
    if kind is int:
        return cast("T", int(_array(arrays, name, np.int64)[0]))
    if get_origin(kind) is np.ndarray:
        return cast("T", _array(arrays, name, get_args(get_args(kind)[1])[0]))
    hints = get_type_hints(kind)
    return kind(*(table_of(hints[part], arrays, f"{name}.{part}") for part in _parts(kind)))


def _parts(kind: type) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return cast("tuple[str, ...]", kind._fields)  # type: ignore[attr-defined]  # a named tuple


def _array(arrays: Mapping[str, AnyArray], name: str, dtype: type[np.generic]) -> AnyArray:
    array = arrays.get(name)
    stored = np.uint8 if dtype is np.bool_ else dtype
    if array is None or array.dtype != stored:
        found = "is not there" if array is None else f"holds {array.dtype}"
        raise UnusableIndex(f"column {name} {found}")
    return array.view(dtype)
