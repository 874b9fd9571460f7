"""The tree of areas, and the cells that hang on it."""

from collections.abc import Iterator

from geodata.checks.context import CheckContext
from geodata.checks.cycles import list_cycles
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Area, Cell


def check_area_tree(context: CheckContext) -> Iterator[Issue]:
    """Unknown parents, parents that do not stand higher, and rings."""
    areas = context.areas
    for area in context.territory.areas:
        if area.parent is None:
            continue
        above = areas.get(area.parent)
        if above is None:
            yield _tell(context, "AREA_PARENT_UNKNOWN", area, parent=area.parent)
        elif above.level.rank >= area.level.rank:
            values = {"parent": above.code, "level": area.level.value, "parent_level": above.level.value}
            yield _tell(context, "AREA_LEVEL", area, **values)
    for ring in list_cycles(context.parents):
        yield context.found("AREA_CYCLE", areas[ring[0]].scheme, "areas", ring)


def check_cell_areas(context: CheckContext) -> Iterator[Issue]:
    """Cells that name an unknown area; those that name none are counted per scheme."""
    without: dict[str, int] = {}
    for cell in context.territory.cells:
        if cell.area is None:
            without[cell.scheme] = without.get(cell.scheme, 0) + 1
        elif cell.area not in context.areas:
            yield _tell(context, "CELL_AREA_UNKNOWN", cell, area=cell.area)
    for scheme, count in without.items():
        yield context.found("CELLS_WITHOUT_AREA", scheme, "cells", (), scheme=scheme, count=count)


def _tell(context: CheckContext, code: str, feature: Area | Cell, **values: object) -> Issue:
    layer = "areas" if isinstance(feature, Area) else "cells"
    return context.found(code, feature.scheme, layer, (feature.code,), feature.geometry, **values)
