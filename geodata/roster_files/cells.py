"""One cell of a roster file to the type that the model's field has; what cannot be is `BadCell`."""

import types
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from shapely import Geometry

from geodata.columns import words_of
from geodata.normalise.values import (
    BadValue,
    code_or_none,
    geometry_from_text,
    key_of,
    keys_of,
    split_list,
    text_or_none,
)
from gridsvc.model.departments import Axis, CategoryKind, Concern, DepartmentLevel, Part, StationingMode
from gridsvc.model.people import Role, Side, TargetKind
from gridsvc.model.places import Key

_WORDS: dict[type, str] = {
    Axis: "axis",
    CategoryKind: "category_kind",
    Concern: "concern",
    DepartmentLevel: "department_level",
    Part: "part",
    StationingMode: "mode",
    Role: "role",
    Side: "side",
    TargetKind: "target_kind",
}
_KINDS_ZH = {
    "axis": "条块",
    "category_kind": "类别种类",
    "concern": "事由",
    "day": "日期",
    "department_level": "部门级别",
    "flag": "是否值",
    "geometry": "图形",
    "instant": "时间",
    "key": "编码",
    "list of keys": "编码列表",
    "mode": "派驻方式",
    "part": "职责",
    "role": "岗位角色",
    "side": "街侧",
    "target_kind": "对象类型",
    "text": "文本",
    "whole number": "整数",
}
_DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_FREE_TEXT = frozenset({"name", "name_en", "short_name", "title", "basis", "major", "phone", "liaison", "block"})


class BadCell(Exception):
    """A cell that cannot be used: what it should be, and how one writes it."""

    def __init__(self, kind: str, example: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.kind_zh = _KINDS_ZH[kind]
        self.example = example


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        raise BadCell("day", "2026-11-22")
    if isinstance(value, date):
        return value
    text = text_or_none(value)
    if text is None:
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise BadCell("day", "2026-11-22")


def _instant(value: Any, zone: tzinfo | None) -> datetime | None:
    """An instant; without an offset it is in the city's time zone."""
    text = value.isoformat() if isinstance(value, date) else text_or_none(value)
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise BadCell("instant", "2026-11-22T08:00+08:00") from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=zone)


def _number(value: Any) -> int | None:
    text = text_or_none(value)
    if text is None:
        return None
    try:
        number = float(text)
        if number == int(number):
            return int(number)
    except (ValueError, OverflowError):
        pass
    raise BadCell("whole number", "106")


def _word(value: Any, kind: type[StrEnum]) -> StrEnum | None:
    try:
        text = text_or_none(value)
        words = words_of(_WORDS[kind])
        if text is None:
            return None
        return kind(words.get(text.casefold(), text))
    except ValueError as error:
        raise BadCell(_WORDS[kind], ", ".join(member.value for member in kind)) from error


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = text_or_none(value)
    if text is None:
        return None
    word = words_of("flag").get(text.casefold())
    if word is None:
        raise BadCell("flag", "true, false")
    return word == "true"


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(split_list(value)))


def _key(value: Any) -> Key | None:
    text = text_or_none(value)
    return key_of(text) if text is not None else None


def _shape(value: Any) -> Geometry | None:
    return geometry_from_text(value)


def field_types(row_type: type) -> dict[str, Any]:
    """Fields of a roster row with their types, without the None of optional ones."""
    hints = get_type_hints(row_type)
    return {name: _without_none(hint) for name, hint in hints.items()}


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {types.UnionType, Union}:
        left = [part for part in get_args(hint) if part is not type(None)]
        return left[0] if len(left) == 1 else Geometry
    return hint


_PARSERS: dict[Any, Callable[[Any], Any]] = {
    int: _number,
    bool: _flag,
    date: _day,
    Key: _key,
    tuple[str, ...]: _texts,
    tuple[Key, ...]: lambda value: keys_of(split_list(value)),
    Geometry: _shape,
}
_KINDS: dict[Any, tuple[str, str]] = {
    Key: ("key", "EVENT_CJT214:0102"),
    tuple[Key, ...]: ("list of keys", "EVENT_CJT214:0102;EVENT_CJT214:0505"),
    Geometry: ("geometry", "POLYGON ((116.4 39.9, …))"),
}


def parse_cell(name: str, hint: Any, value: Any, zone: tzinfo | None) -> Any:
    """The value of a field, None where the cell is empty; BadCell says what should stand there."""
    try:
        if hint is str:
            return text_or_none(value) if name in _FREE_TEXT else code_or_none(value)
        if hint is datetime:
            return _instant(value, zone)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return _word(value, hint)
        return _PARSERS[hint](value)
    except BadValue as bad:
        kind, example = _KINDS.get(hint, ("text", "110101001"))
        raise BadCell(kind, example) from bad
