"""Duty groups of about 30 cells inside a community, and management groups of whole communities."""

from itertools import pairwise

import numpy as np

from geodata.sample_city.areas import CELL_SCHEME
from geodata.sample_city.clusters import Borders, cluster
from geodata.sample_city.edges import contract
from geodata.sample_city.hierarchy import Hierarchy
from geodata.sample_city.plan import Floats, Ints
from gridsvc.model.places import Key
from gridsvc.model.territory import Group, GroupKind

SCHEME = "GROUP_LOCAL"
DUTY_CELLS, MANAGEMENT_CELLS = 30, 100


def build_groups(hierarchy: Hierarchy, codes: list[str], communities: list[str]) -> list[Group]:
    """All groups by code; `codes` are the cells', `communities` the names. Members of a group are neighbours."""
    names = _labels(hierarchy, communities)
    one = np.ones(len(codes))
    duty = _split(hierarchy.borders, one, hierarchy.centre, hierarchy.community, DUTY_CELLS)
    size = np.bincount(hierarchy.community).astype(np.float64)
    middle = np.stack([np.bincount(hierarchy.community, weights=axis) / size for axis in hierarchy.centre.T], axis=1)
    between = contract(hierarchy.borders, hierarchy.community)
    management = _split(between, size, middle, hierarchy.subdistrict, MANAGEMENT_CELLS)[hierarchy.community]
    groups = _groups(duty, GroupKind.DUTY, codes, names) + _groups(management, GroupKind.MANAGEMENT, codes, names)
    return sorted(groups, key=lambda group: group.code)


def _split(borders: Borders, weight: Floats, xy: Floats, parent: Ints, size: int) -> Ints:
    """Label of each node: clusters of about that weight within each parent."""
    order = np.argsort(parent, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    a, b, length = contract(_among_equals(borders, parent), place)
    starts = np.searchsorted(parent[order], np.arange(int(parent.max()) + 2)).tolist()
    cuts = np.searchsorted(a, starts).tolist()
    label, used = np.empty(len(order), np.int64), 0
    for number, (first, last) in enumerate(pairwise(starts)):
        part = slice(cuts[number], cuts[number + 1])
        nodes = order[first:last]
        count = max(1, round(float(weight[nodes].sum()) / size))
        inner = (a[part] - first, b[part] - first, length[part])
        found = cluster(inner, weight[nodes], xy[nodes], count) if count > 1 else np.zeros(len(nodes), np.int64)
        label[nodes] = used + found
        used += count
    return label


def _among_equals(borders: Borders, parent: Ints) -> Borders:
    """The borders between nodes of the same parent."""
    same = parent[borders[0]] == parent[borders[1]]
    return borders[0][same], borders[1][same], borders[2][same]


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
