"""What lies on the map: areas, cells, groups, segments, components, places. Geometry is lon/lat degrees, WGS84."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon

from gridsvc.model.places import Key

Polygonal = Polygon | MultiPolygon
Linear = LineString | MultiLineString


class Layer(StrEnum):
    """The layers of a territory, in the order in which they are drawn and checked."""

    AREAS = "areas"
    CELLS = "cells"
    GROUPS = "groups"
    SEGMENTS = "segments"
    COMPONENTS = "components"
    PLACES = "places"


DISTRICT_RANK, SUBDISTRICT_RANK, COMMUNITY_RANK = 1, 2, 3


class Level(StrEnum):
    """Levels of the area tree."""

    DISTRICT = "DISTRICT"
    SUBDISTRICT = "SUBDISTRICT"
    TOWNSHIP = "TOWNSHIP"
    COMMUNITY = "COMMUNITY"
    VILLAGE = "VILLAGE"

    @property
    def rank(self) -> int:
        """Depth in the tree: 1 district, 2 subdistrict or township, 3 community or village."""
        return _RANKS.get(self, COMMUNITY_RANK)


_RANKS = {Level.DISTRICT: DISTRICT_RANK, Level.SUBDISTRICT: SUBDISTRICT_RANK, Level.TOWNSHIP: SUBDISTRICT_RANK}


class GroupKind(StrEnum):
    """What a group of cells is for (domain terms 责任/管理/评价/扩展/社会服务/监督)."""

    DUTY = "DUTY"
    MANAGEMENT = "MANAGEMENT"
    EVALUATION = "EVALUATION"
    EXTENSION = "EXTENSION"
    SOCIAL = "SOCIAL"
    SUPERVISION = "SUPERVISION"


class SegmentKind(StrEnum):
    """街, 巷, 胡同."""

    STREET = "STREET"
    LANE = "LANE"
    HUTONG = "HUTONG"


class PlaceKind(StrEnum):
    """门牌, 小区或院, 单位, 商铺."""

    ADDRESS = "ADDRESS"
    COMPOUND = "COMPOUND"
    UNIT = "UNIT"
    SHOP = "SHOP"


@dataclass(frozen=True, slots=True)
class Area:
    """District, subdistrict or community; `parent` is an area code. A polygon may be missing."""

    scheme: str
    code: str
    name: str
    level: Level
    parent: str | None = None
    geometry: Polygonal | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Unit grid cell. `area` is the code of its deepest area, `responsible_body` a department's code.

    None as responsible body means that the cell's own subdistrict answers (属地兜底).
    """

    scheme: str
    code: str
    name: str
    geometry: Polygonal
    area: str | None = None
    responsible_body: str | None = None
    land_use: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A set of cells with a purpose; grid officers hold DUTY groups."""

    scheme: str
    code: str
    name: str
    kind: GroupKind
    cells: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One section of a street, lane or hutong; left and right follow the direction of its centre line."""

    scheme: str
    code: str
    name: str
    kind: SegmentKind
    geometry: Linear
    subdistrict: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A fixed thing (cover, lamp, tree) with its three departments' codes, any of them maybe unknown."""

    scheme: str
    code: str
    name: str
    category: Key
    geometry: Point
    competent: str | None = None
    owner: str | None = None
    maintainer: str | None = None
    state: str = "INTACT"


@dataclass(frozen=True, slots=True)
class Place:
    """What people name when they say where: an address, compound, unit or shop; `aliases` are its other names."""

    scheme: str
    code: str
    name: str
    kind: PlaceKind
    geometry: Point
    address: str | None = None
    aliases: tuple[str, ...] = ()


Feature = Area | Cell | Group | Segment | Component | Place

FEATURE_TYPES: dict[Layer, type[Feature]] = {
    Layer.AREAS: Area,
    Layer.CELLS: Cell,
    Layer.GROUPS: Group,
    Layer.SEGMENTS: Segment,
    Layer.COMPONENTS: Component,
    Layer.PLACES: Place,
}


@dataclass(frozen=True, slots=True)
class Territory:
    """All layers at one moment, each sorted by (scheme, code). `crs` is an EPSG code or WKT, in metres."""

    crs: str
    areas: tuple[Area, ...] = ()
    cells: tuple[Cell, ...] = ()
    groups: tuple[Group, ...] = ()
    segments: tuple[Segment, ...] = ()
    components: tuple[Component, ...] = ()
    places: tuple[Place, ...] = ()

    def layer(self, layer: Layer) -> tuple[Feature, ...]:
        """The features of one layer."""
        features: tuple[Feature, ...] = getattr(self, layer.value)
        return features

    def features(self) -> Iterator[tuple[Layer, Feature]]:
        """Every feature with its layer, in the order of `Layer`."""
        for layer in Layer:
            for feature in self.layer(layer):
                yield layer, feature


def key_of(feature: Feature) -> Key:
    """(scheme, code) of any feature."""
    return Key(feature.scheme, feature.code)
