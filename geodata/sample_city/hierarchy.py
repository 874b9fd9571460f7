"""Who belongs to whom: cells to communities, communities to subdistricts, subdistricts to districts, with their codes.

Communities are whole blocks of one quarter, so that no avenue runs through one; a piece of river goes with the bank
on its west. Codes follow DB11/T 2157: 6 + 3 + 3 + 3 digits, cells numbered from the north-west row by row within the
community.
"""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.clusters import Borders, cluster
from geodata.sample_city.edges import Edges, contract, directed_edges, shared_borders
from geodata.sample_city.plan import Bools, Floats, Ints
from geodata.sample_city.tract import Ground, Tract

CITY_CODE = 9901
MAX_DISTRICTS = 16


@dataclass(frozen=True)
class Hierarchy:
    """Communities are numbered in the order of their codes; `subdistrict` and `district` are per community.

    `sequence` is a cell's number in its community, from 1. `borders` are the borders between cells.
    """

    edges: Edges
    borders: Borders
    centre: Floats
    community: Ints
    sequence: Ints
    subdistrict: Ints
    district: Ints
    community_codes: list[str]
    subdistrict_codes: list[str]
    district_codes: list[str]


def build_hierarchy(tract: Tract) -> Hierarchy:
    """Cluster, then number everything from the north-west."""
    edges = directed_edges(tract.mesh)
    borders = shared_borders(edges, tract.metres)
    centre = _centres(tract)
    cells = len(tract.mesh)
    raw = _communities(tract, borders, centre, max(2, round(cells / (37.5 * max(cells / 1500, 1) ** 0.18))))
    per_subdistrict = 5 * max(cells / 1500, 1) ** 0.25
    count = int(raw.max()) + 1
    weight, middle = np.bincount(raw).astype(float), _middles(raw, centre)
    upper = cluster(contract(borders, raw), weight, middle, max(2, round(count / per_subdistrict)))
    sub_weight, sub_middle = np.bincount(upper, weights=weight).astype(np.float64), _middles(upper, middle)
    districts = min(max(2, round(len(sub_weight) / 8)), MAX_DISTRICTS)
    top = cluster(contract(borders, upper[raw]), sub_weight, sub_middle, districts)
    return _number(edges, borders, centre, raw, upper, top)


def _number(edges: Edges, borders: Borders, centre: Floats, raw: Ints, upper: Ints, top: Ints) -> Hierarchy:
    """Codes in reading order: districts west to east, the rest from the north-west within the one above."""
    middle = _middles(raw, centre)
    sub_middle = _middles(upper, middle)
    district_of_top = _ranks(np.zeros(int(top.max()) + 1, np.int64), _middles(top, sub_middle)[:, 0])
    sub_rank = _ranks(district_of_top[top], _reading_key(sub_middle, 1500.0))
    sub_seq = _within(district_of_top[top], sub_rank)
    rank = _ranks(sub_rank[upper], _reading_key(middle, 500.0))
    order = np.argsort(rank)
    subdistrict = sub_rank[upper[order]]
    district = district_of_top[top[upper[order]]]
    sub_codes = [
        f"{CITY_CODE}{d + 1:02d}{s + 1:03d}"
        for d, s in sorted(zip(district_of_top[top].tolist(), sub_seq.tolist(), strict=True))
    ]
    seq = _within(subdistrict, np.arange(len(order)))
    codes = [f"{sub_codes[s]}{n + 1:03d}" for s, n in zip(subdistrict.tolist(), seq.tolist(), strict=True)]
    community = rank[raw]
    cell_rank = _ranks(community, _reading_key(centre, 110.0))
    return Hierarchy(
        edges=edges,
        borders=borders,
        centre=centre,
        community=community,
        sequence=_within(community, cell_rank) + 1,
        subdistrict=subdistrict,
        district=district,
        community_codes=codes,
        subdistrict_codes=sub_codes,
        district_codes=[f"{CITY_CODE}{d + 1:02d}" for d in range(int(top.max()) + 1)],
    )


def _communities(tract: Tract, borders: Borders, centre: Floats, wanted: int) -> Ints:
    """Community of each cell, numbered anyhow."""
    river_block = tract.ground == Ground.RIVER
    blocks = len(tract.ground)
    size = np.bincount(tract.block, minlength=blocks).astype(float)
    middle = _middles(tract.block, centre)
    a, b, length = contract(borders, tract.block)
    quarter = tract.quarter_of_block
    inner = (quarter[a] == quarter[b]) & ~river_block[a] & ~river_block[b]
    a, b, length = a[inner], b[inner], length[inner]
    starts = np.searchsorted(quarter, np.arange(int(quarter.max()) + 2))
    label = np.full(blocks, -1)
    scale, next_label = wanted / size[~river_block].sum(), 0
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if first == last or river_block[first]:
            continue
        lo, hi = np.searchsorted(a, [first, last])
        part: Borders = (a[lo:hi] - first, b[lo:hi] - first, length[lo:hi])
        count = max(1, round(float(size[first:last].sum() * scale)))
        found = cluster(part, size[first:last], middle[first:last], count)
        label[first:last] = next_label + found
        next_label += int(found.max()) + 1
    return _with_river(label[tract.block], river_block[tract.block], borders, centre)


def _with_river(label: Ints, river: Bools, borders: Borders, centre: Floats) -> Ints:
    """Each river cell joins the community on its west that shares the longest bank with it."""
    a, b, length = contract(borders, np.arange(len(label)))
    bank = river[a] & ~river[b]
    a, b, length = a[bank], b[bank], length[bank]
    west = centre[b, 0] < centre[a, 0]
    best = np.lexsort((length, west, a))
    last = np.append(a[best][1:] != a[best][:-1], True)
    label = label.copy()
    label[a[best][last]] = label[b[best][last]]
    return label


def _centres(tract: Tract) -> Floats:
    """Mean of the ring vertices: near enough to number by."""
    owner, points = tract.mesh.owner, tract.metres[tract.mesh.ring]
    return _middles(owner, points)


def _middles(label: Ints, xy: Floats) -> Floats:
    count = np.bincount(label)
    return np.stack([np.bincount(label, weights=xy[:, axis]) / count for axis in (0, 1)], axis=1)


def _reading_key(xy: Floats, row_m: float) -> Floats:
    """Rises row by row from the north, and from west to east within a row."""
    row = np.floor((xy[:, 1].max() - xy[:, 1]) / row_m)
    key: Floats = row * (np.ptp(xy[:, 0]) + 1) + xy[:, 0] - xy[:, 0].min()
    return key


def _ranks(parent: Ints, key: Floats) -> Ints:
    """Rank of each by (parent, key)."""
    ranks = np.empty(len(key), np.int64)
    ranks[np.lexsort((key, parent))] = np.arange(len(key))
    return ranks


def _within(parent: Ints, rank: Ints) -> Ints:
    """Number of each among those of its parent, from 0, in the order of rank."""
    order = np.lexsort((rank, parent))
    sorted_parent = parent[order]
    first = np.searchsorted(sorted_parent, sorted_parent)
    numbers = np.empty(len(parent), np.int64)
    numbers[order] = np.arange(len(parent)) - first
    return numbers
