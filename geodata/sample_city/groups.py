"""Duty groups of about 30 cells inside a community, and management groups of whole communities."""

from itertools import pairwise

import numpy as np

from geodata.sample_city.areas import CELL_SCHEME
from geodata.sample_city.clusters import Borders, cluster
from geodata.sample_city.edges import contract
from geodata.sample_city.hierarchy import Hierarchy
from geodata.sample_city.plan import Ints
from gridsvc.model.places import Key
from gridsvc.model.territory import Group, GroupKind

SCHEME = "GROUP_LOCAL"
DUTY_CELLS, MANAGEMENT_CELLS = 30, 100


def build_groups(hierarchy: Hierarchy, codes: list[str], communities: list[str]) -> list[Group]:
    """All groups by code; `codes` are the cells', `communities` the names. Members of a group are neighbours."""
    cells = np.arange(len(codes))
    in_community = _split(contract(hierarchy.borders, cells), hierarchy, hierarchy.community, DUTY_CELLS)
    duty = _groups(in_community, GroupKind.DUTY, codes, _labels(hierarchy, communities))
    community_size = np.bincount(hierarchy.community)
    middle = np.stack(
        [np.bincount(hierarchy.community, weights=hierarchy.centre[:, axis]) / community_size for axis in (0, 1)],
        axis=1,
    )
    borders = contract(hierarchy.borders, hierarchy.community)
    label = np.zeros(len(community_size), np.int64)
    for subdistrict in range(len(hierarchy.subdistrict_codes)):
        nodes = np.flatnonzero(hierarchy.subdistrict == subdistrict)
        size = community_size[nodes].astype(float)
        found = cluster(_inside(borders, nodes), size, middle[nodes], max(1, round(size.sum() / MANAGEMENT_CELLS)))
        label[nodes] = found + label.max() + 1
    management = _groups(label[hierarchy.community], GroupKind.MANAGEMENT, codes, _labels(hierarchy, communities))
    return sorted(duty + management, key=lambda group: group.code)


def _split(borders: Borders, hierarchy: Hierarchy, parent: Ints, size: int) -> Ints:
    """Label of each cell: clusters of about `size` cells within each parent."""
    order = np.argsort(parent, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    same = parent[borders[0]] == parent[borders[1]]
    a, b, length = (values[same] for values in borders)
    a, b = place[a], place[b]
    sort = np.lexsort((b, a))
    a, b, length = a[sort], b[sort], length[sort]
    starts = np.searchsorted(parent[order], np.arange(int(parent.max()) + 2)).tolist()
    cuts = np.searchsorted(a, starts).tolist()
    label, used = np.empty(len(order), np.int64), 0
    for p, (first, last) in enumerate(pairwise(starts)):
        part = slice(cuts[p], cuts[p + 1])
        count = max(1, round((last - first) / size))
        nodes = order[first:last]
        if count == 1:
            label[nodes] = used
        else:
            inner = (a[part] - first, b[part] - first, length[part])
            label[nodes] = used + cluster(inner, np.ones(len(nodes)), hierarchy.centre[nodes], count)
        used += count
    return label


def _inside(borders: Borders, nodes: Ints) -> Borders:
    """The borders among some nodes, numbered by their place in `nodes`, which are sorted."""
    keep = np.isin(borders[0], nodes) & np.isin(borders[1], nodes)
    return np.searchsorted(nodes, borders[0][keep]), np.searchsorted(nodes, borders[1][keep]), borders[2][keep]


def _labels(hierarchy: Hierarchy, communities: list[str]) -> list[tuple[str, str]]:
    """(community code, community name) of each cell."""
    pairs = list(zip(hierarchy.community_codes, communities, strict=True))
    return [pairs[c] for c in hierarchy.community.tolist()]


def _groups(label: Ints, kind: GroupKind, codes: list[str], of_cell: list[tuple[str, str]]) -> list[Group]:
    members: dict[int, list[int]] = {}
    for cell, number in enumerate(label.tolist()):
        members.setdefault(number, []).append(cell)
    groups = []
    title = "责任网格" if kind is GroupKind.DUTY else "管理网格"
    numbers: dict[str, int] = {}
    for cells in sorted(members.values(), key=lambda cells: min(codes[cell] for cell in cells)):
        code, name = min(of_cell[cell] for cell in cells)
        numbers[code] = number = numbers.get(code, 0) + 1
        keys = tuple(Key(CELL_SCHEME, cell_code) for cell_code in sorted(codes[cell] for cell in cells))
        groups.append(Group(SCHEME, f"{kind[0]}-{code}-{number:02d}", f"{name}{title}{number}", kind, keys))
    return groups
