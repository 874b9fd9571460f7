"""Components that only some may see wherever they are shown: those of police, gas and power, named as data."""

import tomllib
from functools import cache
from pathlib import Path

from gridsvc.model.places import Key


@cache
def guarded_categories() -> frozenset[Key]:
    """Categories whose components need the right READ_GUARDED_COMPONENTS."""
    with (Path(__file__).parent / "guarded.toml").open("rb") as file:
        table = tomllib.load(file)
    return frozenset(Key(scheme, code) for scheme, codes in table.items() for code in codes)
