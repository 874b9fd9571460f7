"""Whole answers over damaged invented cities against a second, slow writing of the rules."""

from random import Random

from tests.gridsvc.index.whole.asking import ask_all
from tests.proofs.row import Row


def prove_whole_answers(*, cities: int) -> list[Row]:
    """Some dozen questions of each city, on borders and beside them; a city with any difference counts as one."""
    rng, compared, different = Random(2026), 0, []
    for _ in range(cities):
        seed = rng.randrange(2**32)
        try:
            compared += ask_all(seed)
        except AssertionError:
            different.append(seed)
    remark = f"{cities:,} cities" + "".join(f"; seed {seed}" for seed in different[:9])
    return [Row("every field of the answer, invented cities", "slow rules", compared, len(different), remark)]
