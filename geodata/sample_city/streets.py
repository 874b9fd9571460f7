"""Streets, lanes and hutongs: centre lines along cell borders, and some lanes straight through cells.

Sections are 200 to 1,400 m long. A section between two subdistricts either belongs to one of them by its attribute,
or to none: then it has a chief per side.
"""

from dataclasses import dataclass

import numpy as np
from shapely import LineString

from geodata.sample_city.hierarchy import Hierarchy
from geodata.sample_city.names import WORDS, Names
from geodata.sample_city.network import (
    LONGEST_M,
    SHORTEST_M,
    Network,
    build_network,
    split_walk,
    steps_of,
    walks_inside,
)
from geodata.sample_city.plan import Floats, Ints, LineKind
from geodata.sample_city.tract import Ground, Tract
from geodata.sample_city.warp import to_lonlat
from gridsvc.model.territory import Segment, SegmentKind

SCHEME = "STREET_LOCAL"
SECTION_M = {"AVENUE": 620.0, "STREET": 640.0, "LANE": 900.0, "HUTONG": 900.0}
LANE_SHARE = {Ground.NEW: 0.38, Ground.OLD: 0.95, Ground.OUTER: 0.35, Ground.PARK: 0.0, Ground.RIVER: 0.0}
THROUGH_SHARE = {Ground.NEW: 0.8, Ground.OLD: 0.9, Ground.OUTER: 0.4, Ground.PARK: 0.0, Ground.RIVER: 0.0}
PIECES_PER_NAME = 4


@dataclass(frozen=True)
class Section:
    """A segment with what the roster and the components need: its line in metres and the subdistricts beside it."""

    segment: Segment
    metres: Floats
    left: int
    right: int

    @property
    def has_sides(self) -> bool:
        """Whether each side has its own chief."""
        return self.segment.subdistrict is None and self.left != self.right and min(self.left, self.right) >= 0


@dataclass
class _Street:
    """One named way, before it is cut and numbered; `metres` instead of `steps` where it runs through cells."""

    kind: str
    name: str
    steps: Ints | None = None
    metres: Floats | None = None
    subdistrict: int = -1


def build_sections(
    tract: Tract, hierarchy: Hierarchy, lonlat: Floats, names: Names, rng: np.random.Generator
) -> list[Section]:
    """All sections by code."""
    network = build_network(tract, hierarchy)
    streets = _avenues(tract, network, names)
    cuts, served = _cuts(tract, network, names, rng)
    streets += cuts + _through_cells(tract, hierarchy, names, rng, served)
    digits = max(4, len(str(len(streets))))
    sections = []
    for number, street in enumerate(streets, start=1):
        code = f"{street.kind[0].replace('A', 'S')}{number:0{digits}d}"
        if street.steps is not None:
            sections += _along_borders(street, street.steps, code, (network, hierarchy, tract.metres, lonlat))
        elif street.metres is not None:
            sections.append(_through(street, street.metres, code, hierarchy))
    return sorted(sections, key=lambda section: section.segment.code)


def _avenues(tract: Tract, network: Network, names: Names) -> list[_Street]:
    """Avenues whole, under a new name every few crossings; ring road and river banks keep theirs."""
    across, along = tract.lattice.across, tract.lattice.along
    river = tract.lattice.river_column
    kept = {0: f"{WORDS['ring']}南路", len(across) - 1: f"{WORDS['ring']}北路"}
    walks = [(row, kept.get(number)) for number, row in enumerate(across)]
    kept = {river: f"{WORDS['river']}西路", river + 1: f"{WORDS['river']}东路"}
    kept |= {0: f"{WORDS['ring']}西路", along.shape[1] - 1: f"{WORDS['ring']}东路"}
    walks += [(column, kept.get(number)) for number, column in enumerate(along.T)]
    streets: list[_Street] = []
    for pieces, name in walks:
        for first in range(0, len(pieces), PIECES_PER_NAME):
            steps = np.concatenate([steps_of(tract, p) for p in pieces[first : first + PIECES_PER_NAME].tolist()])
            streets += [
                _Street("AVENUE", name or names.next_street("AVENUE"), walk) for walk in walks_inside(network, steps)
            ]
    return streets


def _cuts(tract: Tract, network: Network, names: Names, rng: np.random.Generator) -> tuple[list[_Street], set[int]]:
    """Lines inside quarters and blocks that are long enough, as streets, lanes and hutongs; and the blocks with any."""
    lines, lengths = tract.plan.lines, tract.plan.lengths()
    ground = np.append(tract.quarter_ground, 0)[np.where(lines.kind == int(LineKind.QUARTER_CUT), lines.tag, -1)]
    inner = lines.kind == int(LineKind.BLOCK_CUT)
    ground[inner] = tract.ground[lines.tag[inner]]
    share = np.array([LANE_SHARE[g] for g in Ground])[ground]
    wanted = (rng.random(len(lines)) < share) | (lines.kind == int(LineKind.QUARTER_CUT))
    chosen = np.flatnonzero(wanted & (lines.kind != int(LineKind.AVENUE)) & (lengths >= 0.8 * SHORTEST_M))
    streets: list[_Street] = []
    served: set[int] = set()
    for line in chosen.tolist():
        for walk in walks_inside(network, steps_of(tract, line)):
            if network.walked(walk) < SHORTEST_M or bool(network.park[walk[len(walk) // 2]]):
                continue
            kind = _kind(lines.kind[line], lines.depth[line], ground[line], float(lengths[line]))
            streets.append(_Street(kind, names.next_street(kind), walk))
            if inner[line]:
                served.add(int(lines.tag[line]))
    return streets, served


def _kind(made_by: int, depth: int, ground: int, length_m: float) -> str:
    if made_by == int(LineKind.QUARTER_CUT) and depth == 0 and length_m > 500:
        return "STREET"
    return "HUTONG" if ground == Ground.OLD else "LANE"


def _through_cells(
    tract: Tract, hierarchy: Hierarchy, names: Names, rng: np.random.Generator, served: set[int]
) -> list[_Street]:
    """Lanes across whole blocks that have none yet, whatever cells lie there; they end just before the block does."""
    old = tract.ground == Ground.OLD
    share = np.array([THROUGH_SHARE[g] for g in Ground])[tract.ground]
    chosen = np.flatnonzero(rng.random(len(share)) < share)
    lying = rng.random(len(chosen)) < np.where(old[chosen], 0.9, 0.5)
    from_share, to_share = rng.uniform(0.35, 0.65, (2, len(chosen)))
    start = _on_side(tract, chosen, np.where(lying, 3, 0), from_share)
    end = _on_side(tract, chosen, np.where(lying, 1, 2), to_share)
    line = tract.warp.metres(start[:, None] + (end - start)[:, None] * np.linspace(0.015, 0.985, 9)[None, :, None])
    first_cell = np.searchsorted(tract.block, chosen)
    streets = []
    for i, block in enumerate(chosen.tolist()):
        if block in served or not SHORTEST_M <= _length(line[i]) <= LONGEST_M:
            continue
        kind = "HUTONG" if old[block] else "LANE"
        name = names.next_street(kind)
        subdistrict = int(hierarchy.subdistrict[hierarchy.community[first_cell[i]]])
        streets.append(_Street(kind, name, metres=line[i], subdistrict=subdistrict))
    return streets


def _on_side(tract: Tract, blocks: Ints, side: Ints, share: Floats) -> Floats:
    """A place on one side of each block, in plan coordinates."""
    quads = tract.blocks
    t0, t1 = quads.t0[blocks, side], quads.t1[blocks, side]
    return tract.plan.points(quads.line[blocks, side], t0 + share * (t1 - t0))


def _through(street: _Street, metres: Floats, code: str, hierarchy: Hierarchy) -> Section:
    line = LineString(to_lonlat(metres))
    owner = hierarchy.subdistrict_codes[street.subdistrict]
    segment = Segment(SCHEME, f"{code}-01", street.name, SegmentKind(street.kind), line, owner)
    return Section(segment, metres, street.subdistrict, street.subdistrict)


def _along_borders(
    street: _Street, steps: Ints, code: str, ground: tuple[Network, Hierarchy, Floats, Floats]
) -> list[Section]:
    """The sections of a street that follows cell borders."""
    network, hierarchy, metres, lonlat = ground
    walks = split_walk(network, steps, SECTION_M[street.kind])
    kind = SegmentKind.STREET if street.kind == "AVENUE" else SegmentKind(street.kind)
    sections = []
    for number, walk in enumerate(walks):
        vertices = network.vertices(walk)
        left, right = (_most(side[walk], network.length_m[walk]) for side in (network.left, network.right))
        here = set(network.left[walk].tolist()) | set(network.right[walk].tolist()) - {-1}
        here.discard(-1)
        shared = len(here) > 1 and (int(steps[0]) + number) % 2 == 0
        owner = None if shared else hierarchy.subdistrict_codes[max(left, right) if left < 0 else left]
        name = street.name + _part(number, len(walks), metres[vertices])
        segment = Segment(SCHEME, f"{code}-{number + 1:02d}", name, kind, LineString(lonlat[vertices]), owner)
        sections.append(Section(segment, metres[vertices], left, right))
    return sections


def _most(side: Ints, length_m: Floats) -> int:
    """The subdistrict along most of one side, -1 where most of it is outside the city."""
    return int(np.argmax(np.bincount(side + 1, weights=length_m))) - 1


def _part(number: int, parts: int, metres: Floats) -> str:
    """东段, 西段, … for a section of a street."""
    if parts == 1:
        return ""
    way = metres[-1] - metres[0]
    ends = ("西", "东") if abs(way[0]) > abs(way[1]) else ("南", "北")
    ends = ends if max(way, key=abs) > 0 else ends[::-1]
    if number in {0, parts - 1} and parts <= 3:
        return f"{ends[number > 0]}段"
    return "中段" if parts == 3 else f"{WORDS['numbers'][number].replace('头', '一')}段"


def _length(metres: Floats) -> float:
    return float(np.hypot(*np.diff(metres, axis=0).T).sum())
