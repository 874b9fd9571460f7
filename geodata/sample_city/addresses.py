"""Invented addresses, compounds, units and shops along the invented streets, numbered as one walks."""

import numpy as np
import shapely
from shapely import Polygon

from geodata.sample_city.plan import Floats
from geodata.sample_city.streets import Section
from geodata.sample_city.warp import to_lonlat
from gridsvc.model.territory import Place, PlaceKind

SCHEME = "PLACE_LOCAL"
MOST = 300_000
MIX = {PlaceKind.COMPOUND: 0.45, PlaceKind.ADDRESS: 0.35, PlaceKind.SHOP: 0.12, PlaceKind.UNIT: 0.08}
SHOPS = ("便民菜店", "早点铺", "理发店", "修车铺", "文具店", "小卖部", "洗衣店", "花店")
UNITS = ("卫生服务站", "小学", "幼儿园", "图书室", "养老驿站", "邮政所")
OFF_M = (12.0, 25.0)


def build_places(sections: list[Section], polygons: list[Polygon], rng: np.random.Generator) -> list[Place]:
    """About one place per cell, by code; those that would lie outside the city are left out."""
    count = min(len(polygons), MOST)
    lines = [section.metres for section in sections]
    lengths = np.array([np.hypot(*np.diff(line, axis=0).T).sum() for line in lines])
    shares = rng.multinomial(count, lengths / lengths.sum())
    kinds = rng.choice(np.array(list(MIX)), count, p=np.array(list(MIX.values()))).tolist()
    names: list[tuple[str, int]] = []
    spots: list[Floats] = []
    numbers: dict[str, int] = {}
    for section, line, share in zip(sections, lines, shares.tolist(), strict=True):
        street = section.segment.name
        spots.append(_beside(line, share, rng))
        for _ in range(share):
            numbers[street] = number = numbers.get(street, 0) + int(rng.integers(1, 4))
            names.append((street, number))
    points = np.asarray(shapely.points(to_lonlat(np.concatenate(spots))))
    inside = np.unique(shapely.STRtree(polygons).query(points, predicate="within")[0]).tolist()
    digits = max(6, len(str(len(inside))))
    return [
        _place(f"D{code:0{digits}d}", PlaceKind(kinds[at]), names[at], points[at])
        for code, at in enumerate(inside, start=1)
    ]


def _place(code: str, kind: PlaceKind, plot: tuple[str, int], point: shapely.Point) -> Place:
    street, number = plot
    address = f"{street}{number}号"
    if kind is PlaceKind.COMPOUND:
        return Place(SCHEME, code, f"{address}院", kind, point, address)
    if kind is PlaceKind.ADDRESS:
        return Place(SCHEME, code, address, kind, point)
    words = SHOPS if kind is PlaceKind.SHOP else UNITS
    trade = words[number % len(words)]
    return Place(SCHEME, code, f"{street}{trade}", kind, point, address, (f"{street[:2]}{trade}",))


def _beside(line: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Places in order along a line, a plot's depth away on either side, in metres."""
    way = np.diff(line, axis=0)
    length = np.hypot(*way.T)
    after = np.cumsum(length)
    position = np.sort(rng.uniform(0, after[-1], count))
    step = np.minimum(np.searchsorted(after, position), len(after) - 1)
    share = (position - (after[step] - length[step])) / length[step]
    unit = way[step] / length[step][:, None]
    off = rng.uniform(*OFF_M, count) * rng.choice([-1.0, 1.0], count)
    beside: Floats = line[step] + way[step] * share[:, None] + np.stack([-unit[:, 1], unit[:, 0]], 1) * off[:, None]
    return beside
