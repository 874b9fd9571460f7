"""The sample city as a whole: an invented place, the same for the same seed and size."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely import Polygon

from geodata.sample_city.addresses import build_places
from geodata.sample_city.areas import build_areas, build_cells, cell_polygons
from geodata.sample_city.components import build_components
from geodata.sample_city.groups import build_groups
from geodata.sample_city.hierarchy import Hierarchy, build_hierarchy
from geodata.sample_city.names import Names
from geodata.sample_city.places import build_determinations, build_patches
from geodata.sample_city.plan import Floats
from geodata.sample_city.roster import build_rows
from geodata.sample_city.streets import build_sections
from geodata.sample_city.tract import Tract, build_tract
from geodata.sample_city.warp import to_lonlat
from gridsvc.errors import InvalidInput
from gridsvc.model.roster import Row
from gridsvc.model.territory import Area, Level, Territory

CRS = "EPSG:4548"
FEWEST, MOST = 60, 1_000_000
MIDDLE_CLEAR_DEG = 0.00004


@dataclass(frozen=True)
class SampleCity:
    """Layers and roster of the invented city."""

    territory: Territory
    rows: dict[str, list[Row]]


def build_sample_city(*, today: date, seed: int = 2026, cells: int = 1500) -> SampleCity:
    """Build the city; shifts and absences lie around `today`."""
    if not FEWEST <= cells <= MOST:
        raise InvalidInput(f"A sample city has {FEWEST} to {MOST} cells; {cells} were asked for.")
    rngs = [np.random.default_rng([seed, part]) for part in range(5)]
    ground = _lay_out(cells, seed)
    names = Names(rngs[1])
    areas, communities = build_areas(ground.hierarchy, ground.polygons, names)
    cell_list = build_cells(ground.tract, ground.hierarchy, ground.polygons, communities)
    codes = [cell.code for cell in cell_list]
    districts = [code[:6] for code in codes]
    sections = build_sections(ground.tract, ground.hierarchy, ground.lonlat, names, rngs[2])
    groups = build_groups(ground.hierarchy, codes, communities)
    components = build_components(sections, ground.polygons, districts, rngs[3])
    territory = Territory(
        CRS,
        areas=tuple(areas),
        cells=tuple(sorted(cell_list, key=lambda cell: cell.code)),
        groups=tuple(groups),
        segments=tuple(section.segment for section in sections),
        components=tuple(components),
        places=tuple(build_places(sections, ground.polygons, rngs[4])),
    )
    rows = build_rows(territory, sections, names, today)
    rows["patches"] = [*build_patches(ground.tract, ground.polygons, districts, _outline(areas))]
    rows["determinations"] = [*build_determinations(ground.tract, ground.polygons, components, districts, today)]
    return SampleCity(territory, rows)


@dataclass(frozen=True)
class _Ground:
    tract: Tract
    hierarchy: Hierarchy
    lonlat: Floats
    polygons: list[Polygon]


def _lay_out(cells: int, seed: int) -> _Ground:
    """The first lay-out of the seed whose middle, that of its bounding box, lies well inside a cell."""
    for attempt in range(50):
        tract = build_tract(cells, np.random.default_rng([seed, 0, attempt]))
        lonlat = to_lonlat(tract.metres)
        polygons = cell_polygons(tract, lonlat)
        west, south, east, north = shapely.total_bounds(polygons)
        middle = shapely.Point((west + east) / 2, (south + north) / 2).buffer(MIDDLE_CLEAR_DEG)
        if shapely.contains_properly(polygons, middle).any() and shapely.is_valid(polygons).all():
            return _Ground(tract, build_hierarchy(tract), lonlat, polygons)
    raise InvalidInput(f"No lay-out of seed {seed} has its middle inside a cell; choose another seed.")


def _outline(areas: list[Area]) -> shapely.Geometry:
    """The whole city."""
    return shapely.coverage_union_all([area.geometry for area in areas if area.level is Level.DISTRICT])
