"""Covers, lamps, trees and bins along the streets, a few metres off the centre line, each with three departments."""

import numpy as np
import shapely
from shapely import Polygon

from geodata.catalogues import load_categories
from geodata.sample_city.bodies import keepers, leaders
from geodata.sample_city.plan import Floats, Ints
from geodata.sample_city.streets import Section
from geodata.sample_city.warp import to_lonlat
from gridsvc.model.places import Key
from gridsvc.model.territory import Component

SCHEME, CATEGORY_SCHEME = "COMP_2_2_6", "COMPONENT_CJT214"
PER_CELL, MOST = 2, 60_000
MIX = {
    "0118": 26, "0402": 24, "0102": 9, "0103": 8, "0104": 6, "0305": 8, "0107": 4, "0105": 4, "0101": 3,
    "0111": 2, "0213": 2, "0113": 1, "0114": 1, "0501": 1, "0407": 1, "0126": 1,
}  # fmt: skip
STATES, STATE_SHARES = ("INTACT", "DAMAGED", "LOST"), (0.965, 0.03, 0.005)


def build_components(
    sections: list[Section], polygons: list[Polygon], districts: list[str], rng: np.random.Generator
) -> list[Component]:
    """Components by code; `districts` holds the district code of each polygon. Places outside the city are left out."""
    places = to_lonlat(_beside_streets(sections, min(PER_CELL * len(polygons), MOST), rng))
    points = np.asarray(shapely.points(places))
    found, cell = shapely.STRtree(polygons).query(points, predicate="within")
    names = {category.code: category.name for category in load_categories() if category.scheme == CATEGORY_SCHEME}
    classes = rng.choice(list(MIX), len(found), p=np.array(list(MIX.values())) / sum(MIX.values())).tolist()
    states = rng.choice(STATES, len(found), p=STATE_SHARES).tolist()
    leads, keeps = leaders(), keepers()
    numbers: dict[tuple[str, str], int] = {}
    components = []
    for at, where, kind, state in zip(found.tolist(), cell.tolist(), classes, states, strict=True):
        district = districts[where]
        numbers[district, kind] = number = numbers.get((district, kind), 0) + 1
        known = kind != "0114"
        lead = f"{leads[Key(CATEGORY_SCHEME, kind)]}-{district}" if known else None
        keeper = keeps.get(Key(CATEGORY_SCHEME, kind), lead) if known else None
        code, category = f"{district}{kind}{number:06d}", Key(CATEGORY_SCHEME, kind)
        components.append(Component(SCHEME, code, names[kind], category, points[at], lead, keeper, keeper, state))
    return sorted(components, key=lambda component: component.code)


def _beside_streets(sections: list[Section], count: int, rng: np.random.Generator) -> Floats:
    """Random places 3 to 6 m beside the centre lines, in metres."""
    start = np.concatenate([section.metres[:-1] for section in sections])
    way = np.concatenate([np.diff(section.metres, axis=0) for section in sections])
    length = np.hypot(*way.T)
    after = np.cumsum(length)
    position = np.sort(rng.uniform(0, after[-1], count))
    step: Ints = np.minimum(np.searchsorted(after, position), len(after) - 1)
    share = (position - (after[step] - length[step])) / length[step]
    unit = way[step] / length[step][:, None]
    off = rng.uniform(3.0, 6.0, count) * rng.choice([-1.0, 1.0], count)
    beside: Floats = start[step] + way[step] * share[:, None] + np.stack([-unit[:, 1], unit[:, 0]], 1) * off[:, None]
    return beside
