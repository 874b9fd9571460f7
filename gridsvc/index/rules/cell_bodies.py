"""The responsible bodies of all cells of an edition, as a map is coloured by them.

A cell's body is that of `find_body` without determinations, which speak of polygons and not of cells. It follows from
the body and the area that the cell names, so each pair of these is asked about once.
"""

from collections import Counter
from dataclasses import dataclass

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.index.territory.areas import lineage_of


@dataclass(frozen=True, slots=True)
class Ground:
    """The cells that name the same body and area, `number` of them, and the `body` that answers there."""

    responsible_body: str | None
    area: str | None
    body: Named
    number: int


def bodies_of_cells(edition: CompiledEdition, duties: Duties, matter: Matter) -> list[Ground]:
    """By area and named body. Cells that name neither are left out: only their polygons tell where they lie."""
    cells, areas = edition.cells, edition.areas
    if not len(cells):
        return []
    numbers = Counter(zip(cells.responsible_body, cells.area.tolist(), strict=True))
    found = []
    for (named, area), number in numbers.items():
        if named is None and area < 0:
            continue
        lineage = lineage_of(edition, area) if area >= 0 else ()
        # Any cell will do: the rules ask whether there is one, and tell its code in a trace that nobody reads.
        place = Place(cells.keys[0], named, lineage)
        lead = find_competent(Inquiry(duties, place, matter), Trace()).lead
        code = areas.items.keys.codes[area] if area >= 0 else None
        found.append(Ground(named, code, Named(lead.code, lead.name), number))
    return sorted(found, key=lambda ground: (ground.area or "", ground.responsible_body or ""))
