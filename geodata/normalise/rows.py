"""One row of a matched table to one feature of a layer; what cannot be is `BadValue`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geodata.codes import Scheme
from geodata.columns import kind_by_ending
from geodata.normalise.values import BadValue, code_or_none, key_of, split_list, text_or_none, word_or_none
from geodata.schemes import Schemes
from gridsvc.model.places import Key
from gridsvc.model.territory import (
    Area,
    Cell,
    Component,
    Feature,
    Group,
    GroupKind,
    Layer,
    Level,
    Place,
    PlaceKind,
    Segment,
    SegmentKind,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a builder needs: the kept scheme, the code as it is kept, the cells by our column, the geometry in WGS84."""

    schemes: Schemes
    said: Scheme
    scheme: Scheme
    code: str
    values: Mapping[str, Any]
    geometry: Any

    @property
    def name(self) -> str:
        """The name, or the code where there is none."""
        return text_or_none(self.values.get("name")) or self.code

    def code_in(self, column: str) -> str | None:
        """Another thing's code in a column."""
        try:
            return code_or_none(self.values.get(column))
        except BadValue as bad:
            raise BadValue(bad.issue, column=column, **bad.values) from bad

    def word_in(self, column: str, kind: str) -> str | None:
        """The model's word in a column."""
        try:
            return word_or_none(self.values.get(column), kind)
        except BadValue as bad:
            raise BadValue(bad.issue, column=column, **bad.values) from bad


def _area(row: Row) -> Area:
    parent = row.code_in("parent")
    if parent is None:
        parent = row.scheme.parent_of(row.code)
    else:
        parent = row.said.unpad(parent)
        parent = None if row.scheme.is_above(parent) else parent
    said = text_or_none(row.values.get("level"))
    ruled = row.scheme.level_of(row.code)
    if ruled is not None and said is not None:
        try:
            level = Level(word_or_none(said, "level") or ruled)
        except BadValue:
            level = ruled
    elif ruled is not None:
        level = ruled
    elif said is not None:
        level = Level(row.word_in("level", "level") or said)
    else:
        raise BadValue("LEVEL_UNKNOWN", scheme=row.scheme.name)
    return Area(row.scheme.name, row.code, row.name, level, parent, row.geometry)


def _cell(row: Row) -> Cell:
    return Cell(
        row.scheme.name,
        row.code,
        row.name,
        row.geometry,
        row.code_in("area") or row.scheme.parent_of(row.code),
        row.code_in("responsible_body"),
        text_or_none(row.values.get("land_use")),
        text_or_none(row.values.get("grade")),
    )


def _segment(row: Row) -> Segment:
    kind = row.word_in("kind", "segment_kind") or kind_by_ending(row.name)
    return Segment(row.scheme.name, row.code, row.name, SegmentKind(kind), row.geometry, row.code_in("subdistrict"))


def _member(schemes: Schemes, text: str) -> Key:
    """A cell's key; a bare code is a key where exactly one scheme of cells has its form."""
    if ":" in text:
        return key_of(text)
    fitting = [s.name for s in schemes.list_for(Layer.CELLS) if s.has_form and s.fits(text)]
    if len(fitting) != 1:
        raise BadValue("KEY_INCOMPLETE", column="cells", value=text[:60])
    return Key(fitting[0], text)


def _group(row: Row) -> Group:
    kind = row.word_in("kind", "group_kind")
    if kind is None:
        raise BadValue("VALUE_MISSING", column="kind")
    cells = [_member(row.schemes, text) for text in split_list(row.values.get("cells"))]
    return Group(row.scheme.name, row.code, row.name, GroupKind(kind), tuple(dict.fromkeys(cells)))


def _category(row: Row) -> Key:
    text = row.code_in("category")
    if text is not None:
        return key_of(text) if ":" in text else Key(row.scheme.category_scheme or "COMPONENT_CJT214", text)
    by_code = row.scheme.category_of(row.code)
    if by_code is None:
        raise BadValue("VALUE_MISSING", column="category")
    return Key(*by_code)


def _component(row: Row) -> Component:
    return Component(
        row.scheme.name,
        row.code,
        row.name,
        _category(row),
        row.geometry,
        row.code_in("competent"),
        row.code_in("owner"),
        row.code_in("maintainer"),
        row.word_in("state", "state") or "INTACT",
    )


def _place(row: Row) -> Place:
    kind = row.word_in("kind", "place_kind")
    aliases = tuple(dict.fromkeys(split_list(row.values.get("aliases"))))
    address = text_or_none(row.values.get("address"))
    return Place(row.scheme.name, row.code, row.name, PlaceKind(kind or "ADDRESS"), row.geometry, address, aliases)


_BUILDERS: dict[Layer, Callable[[Row], Feature]] = {
    Layer.AREAS: _area,
    Layer.CELLS: _cell,
    Layer.GROUPS: _group,
    Layer.SEGMENTS: _segment,
    Layer.COMPONENTS: _component,
    Layer.PLACES: _place,
}


def build_feature(layer: Layer, row: Row) -> Feature:
    """The feature of a row; BadValue says what is wrong with it."""
    return _BUILDERS[layer](row)


def has_geometry(layer: Layer) -> bool:
    """Whether things of the layer lie somewhere themselves; groups lie where their cells do."""
    return layer is not Layer.GROUPS
