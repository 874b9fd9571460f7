"""Where several bodies claim one place and nothing but the lowest code decides: told, so that it can be counted."""

from gridsvc.index.rules.bodies import find_body
from gridsvc.index.rules.find_place import Placed
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import areas_at, areas_of_cell
from gridsvc.index.territory.cells import EQUAL_M
from gridsvc.index.territory.surroundings import cells_near
from gridsvc.model.resolution import Match, Resolution

TIE = "TIE_BETWEEN_BODIES"


def tell_tie(question: Question, placed: Placed, trace: Trace) -> None:
    """Compare the bodies of all cells that cover the place, or are equally near to it in a gap."""
    if placed.match not in (Match.BOUNDARY, Match.OVERLAP, Match.GAP):
        return
    won = find_body(question, placed.place)
    bodies = {find_body(question, _as_of_cell(question, placed.place, cell)) for cell in _tied_cells(question, placed)}
    if others := tuple(sorted(bodies - {won})):
        trace.add(TIE, won.code, *(body.code for body in others), body=won, others=others)


def body_of_tie(resolution: Resolution) -> str | None:
    """The body that an answer names only because of the tie rule."""
    return next((line.ids[0] for line in resolution.trace if line.code == TIE), None)


def _tied_cells(question: Question, placed: Placed) -> list[int]:
    if placed.match is Match.GAP:
        return [cell for cell, _ in cells_near(question.spot, placed.distance_m + EQUAL_M)]
    return [cell for cell, _ in question.spot.covering]


def _as_of_cell(question: Question, place: Place, cell: int) -> Place:
    edition, location = question.edition, question.location
    areas = areas_of_cell(edition, cell) or areas_at(edition, location.lon, location.lat)
    body = edition.cells.responsible_body[cell]
    return Place(edition.cells.keys[cell], body, areas, determinations=place.determinations)
