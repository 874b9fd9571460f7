"""Runs of numbers as arrays: who owns a run of rows in a flat array is asked for by start and count."""

import numpy as np

from gridsvc.datum.arrays import IntArray


def expand_ranges(starts: IntArray, counts: IntArray) -> IntArray:
    """starts[0], starts[0]+1, … (counts[0] of them), then starts[1], … as one array."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    shifts: IntArray = np.repeat(np.asarray(starts, np.int64) - before, counts)
    return shifts + np.arange(total, dtype=np.int64)


def chunks(counts: IntArray, limit: int) -> list[slice]:
    """Cuts of a row of counts into runs that sum to `limit` at most (or hold one entry)."""
    sums = np.concatenate([[0], np.cumsum(counts)])
    cuts, begin = [], 0
    while begin < len(counts):
        end = max(int(np.searchsorted(sums, sums[begin] + limit, side="right")) - 1, begin + 1)
        cuts.append(slice(begin, end))
        begin = end
    return cuts
