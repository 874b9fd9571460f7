"""Indices that belong together."""

import numpy as np
from numpy.typing import NDArray


def indices_by_group(group: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """For each group number below `count` the places where it stands, in one pass over all of them."""
    order = np.argsort(group, kind="stable")
    return np.split(order, np.cumsum(np.bincount(group, minlength=count))[:-1])[:count]
