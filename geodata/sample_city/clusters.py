"""Groups neighbours into connected clusters of about equal weight: blocks to communities, these to subdistricts."""

import heapq

import numpy as np

from geodata.sample_city.plan import Floats, Ints

Borders = tuple[Ints, Ints, Floats]


def cluster(borders: Borders, weight: Floats, xy: Floats, count: int) -> Ints:
    """Label of each node, 0 … count - 1.

    Seeds are spread by halving the nodes again and again; from them the lightest cluster takes the next neighbour,
    so that every cluster stays in one piece wherever the graph is.
    """
    count = min(count, len(weight))
    seeds = _seeds(weight, xy, count)
    start = np.searchsorted(borders[0], np.arange(len(weight) + 1))
    neighbours, lengths = borders[1].tolist(), borders[2].tolist()
    label = [-1] * len(weight)
    heavy = [0.0] * count
    fronts: list[list[tuple[float, int]]] = [[(0.0, seed)] for seed in seeds]
    centre = xy[seeds]
    spread = float(np.sqrt(np.ptp(xy[:, 0]) * np.ptp(xy[:, 1]) / count)) or 1.0
    queue = [(0.0, k) for k in range(count)]
    while queue:
        _, k = heapq.heappop(queue)
        node = _next_free(fronts[k], label)
        if node is None:
            continue
        label[node] = k
        heavy[k] += float(weight[node])
        heapq.heappush(queue, (heavy[k], k))
        for at in range(start[node], start[node + 1]):
            other = neighbours[at]
            if label[other] < 0:
                away = float(np.hypot(*(xy[other] - centre[k]))) / spread
                heapq.heappush(fronts[k], (away - 0.3 * min(lengths[at] / spread, 1.0), other))
    return _adopt_islands(np.array(label), xy, centre)


def _next_free(front: list[tuple[float, int]], label: list[int]) -> int | None:
    while front:
        _, node = heapq.heappop(front)
        if label[node] < 0:
            return node
    return None


def _adopt_islands(label: Ints, xy: Floats, centre: Floats) -> Ints:
    """Nodes that no cluster reached go to the nearest seed."""
    for node in np.flatnonzero(label < 0):
        label[node] = int(np.argmin(np.hypot(*(centre - xy[node]).T)))
    return label


def _seeds(weight: Floats, xy: Floats, count: int) -> list[int]:
    """The middle node of each of `count` compact parts."""
    seeds: list[int] = []
    stack = [(np.arange(len(weight)), count)]
    while stack:
        nodes, parts = stack.pop()
        if parts == 1:
            middle = np.average(xy[nodes], axis=0, weights=weight[nodes])
            seeds.append(int(nodes[np.argmin(np.hypot(*(xy[nodes] - middle).T))]))
            continue
        axis = int(np.ptp(xy[nodes, 0]) < np.ptp(xy[nodes, 1]))
        nodes = nodes[np.argsort(xy[nodes, axis], kind="stable")]
        running = np.cumsum(weight[nodes])
        cut = int(np.searchsorted(running, running[-1] * (parts // 2) / parts)) + 1
        cut = min(max(cut, parts // 2), len(nodes) - (parts - parts // 2))
        stack += [(nodes[cut:], parts - parts // 2), (nodes[:cut], parts // 2)]
    return seeds
