"""Dataclass ↔ canonical JSON, driven by the field types, so that a new field of the model needs no line here.

Canonical means: sorted keys, no spaces, nothing written for None and for an empty tuple. Thus the same content has
the same bytes, and a field that is added later with such a default changes no existing content.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key
from gridsvc.store.column_types import as_utc

T = TypeVar("T")
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    to_json: Convert | None
    from_json: Convert | None
    absent: Any


class Codec(Generic[T]):
    """JSON of one dataclass; fields named `outside` have columns of their own."""

    def __init__(self, cls: type[T], outside: frozenset[str]) -> None:
        self.cls = cls
        hints = get_type_hints(cls)
        self._fields = tuple(
            _field(item.name, hints[item.name])
            for item in fields(cls)  # type: ignore[arg-type]
            if item.name not in outside
        )

    def encode(self, value: T) -> str:
        """Canonical JSON text."""
        content: dict[str, Any] = {}
        for item in self._fields:
            given = getattr(value, item.name)
            if given is None or given == ():
                continue
            content[item.name] = item.to_json(given) if item.to_json else given
        try:
            return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
        except orjson.JSONEncodeError:
            raise InvalidInput("a text holds characters that are no valid Unicode; correct the source file") from None

    def decode(self, encoded: str, **columns: Any) -> T:
        """The dataclass from its JSON text and the fields kept outside."""
        content = orjson.loads(encoded)
        for item in self._fields:
            given = content.get(item.name)
            if given is None:
                columns[item.name] = item.absent
            else:
                columns[item.name] = item.from_json(given) if item.from_json else given
        return self.cls(**columns)


def _field(name: str, hint: Any) -> _Field:
    kind = next(kind for kind in _union(hint) if kind is not type(None))
    return _Field(name, *_converters(kind), absent=() if get_origin(kind) is tuple else None)


def _union(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)


def _converters(kind: Any) -> tuple[Convert | None, Convert | None]:
    """How a value of that type becomes JSON and comes back; None where JSON has the type itself."""
    if get_origin(kind) is tuple:
        to_json, from_json = _converters(get_args(kind)[0])
        return _each(to_json, list), _each(from_json, tuple)
    if kind is Key:
        return list, lambda pair: Key(*pair)
    if issubclass(kind, Enum):
        return None, _members(kind).__getitem__
    if issubclass(kind, datetime):
        return lambda value: as_utc(value).isoformat(), datetime.fromisoformat
    if issubclass(kind, date):
        return date.isoformat, date.fromisoformat
    return None, None


def _each(convert: Convert | None, collect: Convert) -> Convert:
    return collect if convert is None else lambda values: collect(map(convert, values))


def _members(kind: type[Enum]) -> Mapping[str, Enum]:
    return {member.value: member for member in kind}
