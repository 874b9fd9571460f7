"""Small invented cities with every kind of disturbance: a pure function of a seed."""

from dataclasses import replace
from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon, box

from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Group, GroupKind, Level, Segment, SegmentKind, Territory

STEP = 2.0**-10  # about 83 × 108 metres; sums of it are exact doubles, so points hit borders exactly
SIDE = 4
WESTS = {"EPSG:4548": (116.4375, 39.875), "EPSG:32631": (-2 * STEP, 51.5)}
COMPONENT = Key("C", "1")


def make_territory(rng: Random) -> Territory:
    """4 × 4 cells in two subdistricts of two communities each, damaged, beside ground of areas alone."""
    crs = rng.choice(sorted(WESTS))
    west, south = WESTS[crs]
    cells = [_cell(rng, west, south, column, row) for column in range(SIDE) for row in range(SIDE)]
    for damage in rng.sample(DAMAGES, rng.randint(0, 4)) + rng.sample([overlap, gap], 1):
        damaged = damage(rng, cells)
        cells = damaged if all(cell.geometry.is_valid for cell in damaged) else cells
    keys = tuple(Key(cell.scheme, cell.code) for cell in cells)
    groups = tuple(
        Group("G", f"{kind.value}-{n}", f"group {n}", kind, tuple(rng.sample(keys, 5)))
        for n, kind in enumerate((GroupKind.DUTY, GroupKind.DUTY, GroupKind.EVALUATION))
    )
    return Territory(
        crs,
        areas=tuple(_areas(rng, west, south)),
        cells=tuple(cells),
        groups=groups,
        segments=tuple(_segments(rng, west, south)),
        components=tuple(_components(rng, west, south)),
    )


def spots(rng: Random, territory: Territory) -> list[tuple[float, float]]:
    """Places where things meet: vertices, middles of edges, one float beside them, centre lines, anywhere."""
    west, south = WESTS[territory.crs]
    outline = rng.choice(territory.cells).geometry
    ring = list((outline.geoms[0] if isinstance(outline, MultiPolygon) else outline).exterior.coords)
    at = rng.randrange(len(ring) - 1)
    (ax, ay), (bx, by) = ring[at][:2], ring[at + 1][:2]
    line = rng.choice(territory.segments).geometry.interpolate(rng.random(), normalized=True)
    anywhere = [(west + STEP * rng.uniform(-0.3, 5.5), south + STEP * rng.uniform(-0.3, 4.3)) for _ in range(3)]
    middle = ((ax + bx) / 2, (ay + by) / 2)
    others = [cell.geometry.intersection(outline) for cell in territory.cells if cell.geometry is not outline]
    shared = max(others, key=lambda common: common.area)
    inside = shared.representative_point() if shared.area else outline.representative_point()
    near = (middle[0] + rng.uniform(-1, 1) * 2e-4, middle[1] + rng.uniform(-1, 1) * 2e-4)
    return [
        (ax, ay),
        middle,
        (ax + 2**-46, ay),
        (bx, by - 2**-47),
        near,
        (line.x, line.y),
        (inside.x, inside.y),
        *anywhere,
    ]


def _cell(rng: Random, west: float, south: float, column: int, row: int) -> Cell:
    x, y = west + STEP * column, south + STEP * row
    area = f"{1 + column // 3}.{1 + column // 2}.{column}"
    return Cell(
        "A" if rng.random() < 0.9 else "B",
        f"{rng.randrange(10)}{column}{row}",
        f"cell {column}{row}",
        box(x, y, x + STEP, y + STEP),
        rng.choices([area, area.rpartition(".")[0], None, "nowhere"], [12, 1, 2, 1])[0],
        rng.choice([None, None, None, "L1", "L2", "S1", "gone"]),
    )


def _areas(rng: Random, west: float, south: float) -> list[Area]:
    def strip(first: float, last: float) -> Polygon | None:
        outline = box(west + STEP * first, south, west + STEP * last, south + STEP * SIDE)
        return outline if rng.random() < 0.7 else None

    areas = [
        Area("T", "1", "west district", Level.DISTRICT, None, strip(0, 3)),
        Area("T", "2", "east district", Level.DISTRICT, None, strip(3, 5)),
        Area("T", "1.1", "subdistrict 1", Level.SUBDISTRICT, "1", strip(0, 2)),
        Area("T", "1.2", "subdistrict 2", Level.SUBDISTRICT, "1", strip(2, 3)),
        Area("T", "2.2", "township", Level.TOWNSHIP, "2", strip(3, 5)),
    ]
    parents = ("1.1", "1.1", "1.2", "2.2")
    communities = [
        Area("T", f"{parent}.{n}", f"community {n}", Level.COMMUNITY, parent, strip(n, n + 1))
        for n, parent in enumerate(parents)
    ]
    return [*areas, *communities]


def _segments(rng: Random, west: float, south: float) -> list[Segment]:
    segments = []
    for n in range(9):
        if n % 2:
            x, y = rng.choice([1, 2, 3, 2.5]), rng.uniform(0, 2)
            ends = [(x, y), (x + rng.choice([0, 0, 0.5]), y + 1), (x, y + rng.uniform(1.5, 2))]
        else:
            x, y = rng.uniform(0, 2), rng.choice([1, 2, 2.5, 3])
            ends = [(x, y), (x + 1, y), (x + rng.uniform(1.5, 3), y + rng.choice([0, 0.5]))]
        line = LineString([(west + STEP * px, south + STEP * py) for px, py in ends])
        own = rng.choice([None, None, "1.1", "1.2", "2.2"])
        segments.append(Segment("S", f"S{n}", f"street {n}", rng.choice(list(SegmentKind)), line, own))
    if rng.random() < 0.5:  # the same centre line twice, of two kinds
        twin = rng.choice(segments)
        segments.append(replace(twin, code="S9", kind=rng.choice(list(SegmentKind)), subdistrict=None))
    return segments


def _components(rng: Random, west: float, south: float) -> list[Component]:
    departments = ["L1", "L2", "L3", "gone", None]
    return [
        Component(
            "K",
            f"K{n}",
            f"cover {n}",
            COMPONENT,
            Point(west + STEP * rng.uniform(0, 4), south + STEP * rng.uniform(0, 4)),
            *(rng.choice(departments) for _ in range(3)),
        )
        for n in range(12)
    ]


def _changed(rng: Random, cells: list[Cell], change) -> list[Cell]:
    at = rng.randrange(len(cells))
    west, south, east, north = cells[at].geometry.bounds
    outline = change(west, south, east, north)
    return [replace(cell, geometry=outline) if n == at else cell for n, cell in enumerate(cells)]


def overlap(rng, cells):
    return _changed(rng, cells, lambda w, s, e, n: box(w, s, e + STEP / 4, n))


def gap(rng, cells):
    return _changed(rng, cells, lambda w, s, e, n: box(w, s, e - rng.choice([8e-5, 2e-4, 5e-4]), n))


def sliver(rng, cells):
    return _changed(rng, cells, lambda w, s, e, n: box(w, s, e - rng.choice([1e-9, 2e-8]), n))


def t_junction(rng, cells):
    return _changed(rng, cells, lambda w, s, e, n: Polygon([(w, s), (e, s), (e - 1e-5, s + STEP / 3), (e, n), (w, n)]))


def missing(rng, cells):
    return cells[:-1] if rng.random() < 0.5 else cells[1:]


def island(rng, cells):
    """A cell with a hole, and a new cell that fills it, wholly or not."""
    at = rng.randrange(len(cells))
    west, south, east, north = cells[at].geometry.bounds
    hole = box(west + STEP / 4, south + STEP / 4, east - STEP / 4, north - STEP / 4)
    filling = hole if rng.random() < 0.5 else box(*hole.centroid.coords[0], *hole.bounds[2:])
    around = replace(cells[at], geometry=box(west, south, east, north) - hole)
    inside = replace(cells[at], code=f"{rng.randrange(10)}99", name="island", geometry=filling)
    return [*cells[:at], around, *cells[at + 1 :], inside]


def corner(rng, cells):
    """A cell that touches its neighbours in points alone."""
    return _changed(
        rng,
        cells,
        lambda w, s, e, n: Polygon([(w + STEP / 2, s), (e, s + STEP / 2), (w + STEP / 2, n), (w, s + STEP / 2)]),
    )


def parts(rng, cells):
    """A cell in two parts, which meet in a point."""
    return _changed(
        rng,
        cells,
        lambda w, s, e, n: MultiPolygon([box(w, s, w + STEP / 2, s + STEP / 2), box(w + STEP / 2, s + STEP / 2, e, n)]),
    )


DAMAGES = [overlap, gap, sliver, t_junction, missing, island, corner, parts]
