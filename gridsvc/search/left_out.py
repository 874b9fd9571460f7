"""Where a text holds what was typed, but with something between that was left out: 老李超市 in 老李便民超市."""

from collections.abc import Iterator

from gridsvc.search.blob import Blob

LOOKED_AT = 4000
"""How many places are looked at, the same number for each way to cut what was typed in two."""

MOST_SIGNS = 40


def left_out_places(blob: Blob, typed: str, fewest: int) -> Iterator[int]:
    """Places in a blob's text where it begins; neither half has less than `fewest` signs."""
    cuts = range(fewest, len(typed) - fewest + 1) if len(typed) <= MOST_SIGNS else ()
    for cut in cuts:
        yield from blob.places_apart(typed[:cut], typed[cut:], LOOKED_AT // len(cuts))
