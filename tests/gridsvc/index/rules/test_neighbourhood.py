"""Wide circles: what determinations cut is counted; of cells that nothing cuts one is told for all that are alike."""

from dataclasses import replace

import pytest
from shapely import box

from gridsvc.errors import InvalidInput
from gridsvc.index.compile import compile_territory
from gridsvc.index.rules import neighbourhood
from gridsvc.model.departments import Determination
from tests.fixtures.tiny_city import tiny_territory
from tests.gridsvc.index.asked import AT, DUTIES, EDITION, ask, duties_with

HERE = (116.4015, 39.9015)
IN_ONE_CELL = Determination(code="DET1", department="WATER", geometry=box(116.4022, 39.9002, 116.4025, 39.9005))
DECIDED = duties_with(lambda rows: rows["determinations"].append(IN_ONE_CELL))
NAMELESS = compile_territory(
    3, AT, replace(tiny_territory(), cells=tuple(replace(cell, area=None) for cell in tiny_territory().cells))
)


def test_only_cells_that_meet_a_determination_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[object] = []
    given = neighbourhood.common_ground

    def common_ground(one, other):
        cut.append(one)
        return given(one, other)

    monkeypatch.setattr(neighbourhood, "common_ground", common_ground)
    answer = ask(*HERE, accuracy_m=1000.0, duties=DECIDED)
    assert len(cut) == 1
    assert "WATER" in next(line for line in answer.trace if line.code == "FLAG_NEAR_BOUNDARY").ids


def test_cells_that_are_alike_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    given = neighbourhood.lineage_of

    def lineage_of(edition, area):
        told.append(area)
        return given(edition, area)

    monkeypatch.setattr(neighbourhood, "lineage_of", lineage_of)
    ask(*HERE, accuracy_m=1000.0)
    assert len(told) == len(set(told)) < len(EDITION.cells)


@pytest.mark.parametrize(
    ("edition", "duties"), [(EDITION, DECIDED), (NAMELESS, DUTIES)], ids=["determination", "cells without area"]
)
def test_too_many_cuts_are_refused(edition, duties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhood, "MOST_CUTS", 0)
    with pytest.raises(InvalidInput, match="borders of areas and determinations: 0 at most"):
        ask(*HERE, accuracy_m=1000.0, edition=edition, duties=duties)


def test_a_tail_thinner_than_a_sliver_leads_to_nobody() -> None:
    """Borders that follow one another with other vertices leave such tails on ground that is wide elsewhere."""
    block, tail = box(116.4018, 39.9012, 116.4019, 39.9018), box(116.40125, 39.9015, 116.4018, 39.9015 + 1e-8)
    outlines = {"thin": block.union(tail), "wide": block.union(tail.buffer(1e-7))}
    flags = {}
    for name, left in outlines.items():
        decided = Determination(
            code="DET1", department="WATER", geometry=box(116.4009, 39.9009, 116.4021, 39.9021).difference(left)
        )
        answer = ask(
            116.4012, 39.9015, duties=duties_with(lambda rows, row=decided: rows["determinations"].append(row))
        )
        assert answer.departments[0].code == "WATER"
        flags[name] = answer.flags
    assert flags == {"thin": (), "wide": ("NEAR_BOUNDARY",)}
