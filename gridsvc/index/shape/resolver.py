"""Who is concerned by a line or a polygon: the cut-off zone of a burst pipe, a parade, a trench."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import DEFAULT_OPTIONS, ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.people import list_people, sort_people
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.question import Matter, frame_matter
from gridsvc.index.rules.trace import Trace
from gridsvc.index.shape.ground import Atom, list_leads, place_of_atom
from gridsvc.index.shape.segments import Concerned, lineages_by_subdistrict, list_chiefs, list_concerned
from gridsvc.index.shape.survey import DUST, survey_shape
from gridsvc.index.territory.areas import lineage_of
from gridsvc.model.resolution import Measures, PersonAnswer, ShapeResolution, Share


def resolve_shape(
    edition: CompiledEdition,
    duties: Duties,
    geometry: BaseGeometry,
    *,
    at: datetime,
    options: ResolveOptions = DEFAULT_OPTIONS,
) -> ShapeResolution:
    """Cells, areas, segments, leads, chiefs and people of a shape in WGS84 degrees, with the share of each.

    Lines are measured in metres, polygons in square metres of the projected CRS. Every place counts once: on borders
    and overlaps the lowest (scheme, code) has it. Leads are those whatever the matter. Ground of nobody, gaps between
    cells included where no area covers them, is `outside_share`. Segments: see `shape_segments`.
    Raises InvalidInput for shapes that cannot be measured.
    """
    matter = frame_matter(duties, at, None, options)
    survey = survey_shape(edition, geometry)
    shape, total, atoms = survey.shape, survey.total, list(survey.atoms)
    concerned = list_concerned(edition, shape, options.tolerance_m)
    lineages = [lineage_of(edition, area) for area in sorted({atom.area for atom, _ in atoms})]
    trace = Trace()
    chiefs = list_chiefs(edition, duties, matter, concerned, lineages_by_subdistrict(lineages), trace)
    is_line = shapely.get_dimensions(shape) == 1
    unit = "LENGTH_M" if is_line else "AREA_M2"
    along = total if is_line else sum(found.metres for found in concerned)
    people = _people(edition, duties, matter, [atom for atom, _ in atoms], concerned, trace)
    return ShapeResolution(
        edition=edition.number,
        roster=duties.revision,
        at=matter.at.isoformat(),
        measure=unit,
        measures=Measures(cells=unit, areas=unit, segments="LENGTH_M", departments=unit),
        total=total,
        outside_share=survey.outside_share,
        cells=_cell_shares(edition, atoms, total),
        areas=_area_shares(edition, atoms, total),
        segments=_segment_shares(edition, concerned, along),
        departments=_lead_shares(edition, duties, matter, atoms, total),
        chiefs=chiefs,
        people=people,
        trace=tuple(dict.fromkeys(trace.lines())),
    )


def _cell_shares(edition: CompiledEdition, atoms: list[tuple[Atom, float]], total: float) -> tuple[Share, ...]:
    cells = edition.cells
    named = [((cells.keys[a.cell].code, cells.names[a.cell]), amount) for a, amount in atoms if a.cell >= 0]
    return _shares(named, total)


def _area_shares(edition: CompiledEdition, atoms: list[tuple[Atom, float]], total: float) -> tuple[Share, ...]:
    """The districts first, then each deeper level."""
    by_rank: dict[int, list[tuple[tuple[str, str], float]]] = {}
    for atom, amount in atoms:
        for area in lineage_of(edition, atom.area):
            by_rank.setdefault(area.level.rank, []).append(((area.code, area.name), amount))
    return tuple(share for rank in sorted(by_rank) for share in _shares(by_rank[rank], total))


def _segment_shares(edition: CompiledEdition, concerned: list[Concerned], total: float) -> tuple[Share, ...]:
    items = edition.segments.items
    return _shares([((items[f.segment].code, items[f.segment].name), f.metres) for f in concerned], total)


def _lead_shares(
    edition: CompiledEdition, duties: Duties, matter: Matter, atoms: list[tuple[Atom, float]], total: float
) -> tuple[Share, ...]:
    leads = list_leads(edition, duties, matter, atoms)
    return _shares([((lead.department.code, lead.department.name), lead.amount) for lead in leads], total)


def _shares(named: Iterable[tuple[tuple[str, str], float]], total: float) -> tuple[Share, ...]:
    """Amounts summed by (code, name), greatest first."""
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for key, amount in named:
        sums[key] += amount
    shares = [Share(code, name, min(amount / total, 1.0), amount) for (code, name), amount in sums.items()]
    return tuple(sorted((s for s in shares if s.share > DUST), key=lambda share: (-share.amount, share.code)))


def _people(
    edition: CompiledEdition,
    duties: Duties,
    matter: Matter,
    atoms: list[Atom],
    concerned: list[Concerned],
    trace: Trace,
) -> tuple[PersonAnswer, ...]:
    """Everybody with a post on the segments, cells, groups and areas concerned; both sides of a segment count."""
    segments = edition.segments.items
    places = [Place(None, None, (), segment=segments[found.segment]) for found in concerned]
    places += [place_of_atom(edition, atom) for atom in atoms]
    found = [person for place in places for person in list_people(duties.staff, place, matter, trace)]
    return sort_people(dict.fromkeys(found))
