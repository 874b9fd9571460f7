"""What a decision will change, asked of the resolver in every part of its ground."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely import Polygon, box

from gridsvc.datum import locate
from gridsvc.datum.arrays import FloatArray
from gridsvc.disputes import foreseeing
from gridsvc.disputes.foreseeing import Comparison, LeadChange
from gridsvc.index.batch.resolver import BatchResolver, BatchResult
from gridsvc.index.compile import compile_territory
from gridsvc.index.options import ResolveOptions
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.shape import survey_shape
from gridsvc.model.departments import Determination, Part
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange, lay_over
from tests.fixtures.tiny_city import PARKING, RUBBISH, tiny_roster, tiny_territory

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EDITION, ROSTER = compile_territory(1, NOW, tiny_territory()), tiny_roster()
WEST_THREE = box(116.4002, 39.9002, 116.4028, 39.9008)
"""In three cells beside each other; the corner of the first lies under an older determination about rubbish."""


def foresee(ground: Polygon, *categories: Key, decided: tuple[Key, ...] = ()) -> foreseeing.Consequence:
    row = Determination(
        code="NEW", department="PARKS", geometry=ground, categories=decided, decided_on=date(2026, 3, 1)
    )
    after = compile_duties(lay_over(ROSTER, [RosterChange("determinations", "NEW", row)]))
    comparison = Comparison(EDITION, compile_duties(ROSTER), after, NOW, ResolveOptions())
    return comparison.on_ground(survey_shape(EDITION, ground), categories)


def lead(lon: float, lat: float, category: Key) -> str:
    answer = resolve(EDITION, compile_duties(ROSTER), locate(lon, lat, "WGS84"), at=NOW, category=category)
    return next(each.code for each in answer.departments if each.part == Part.LEAD)


def test_every_category_and_each_older_decision_is_asked_apart() -> None:
    found = foresee(WEST_THREE, RUBBISH, PARKING)
    assert (found.cells, found.asked) == (3, 3)
    under, beside = lead(116.4007, 39.9007, RUBBISH), lead(116.4003, 39.9003, RUBBISH)
    assert under != beside
    rubbish = {change.before: change.cells for change in found.leads if RUBBISH in change.categories}
    assert rubbish[under] >= 1
    assert rubbish[beside] >= 1, "the first cell counts for both"
    assert {change.after for change in found.leads} == {"PARKS"}
    assert {PARKING, RUBBISH} == {key for change in found.leads for key in change.categories}


def test_what_the_decision_is_not_about_stays() -> None:
    [change] = foresee(WEST_THREE, PARKING, decided=(RUBBISH,)).leads
    assert change == LeadChange("TRAFFIC", "TRAFFIC", (PARKING,), 3)


def test_ground_beyond_the_city_has_nobody() -> None:
    assert foresee(box(10, 10, 10.001, 10.001), PARKING).leads == ()


def test_of_a_wide_ground_some_cells_are_asked_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreseeing, "MAX_QUESTIONS", 2)
    found = foresee(WEST_THREE, PARKING)
    assert found.cells == 3
    assert 0 < found.asked < 3
    assert sum(change.cells for change in found.leads) == found.asked


def test_every_place_is_looked_up_once_for_all_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    answer = BatchResolver.answer

    def counted(self: BatchResolver, lon: FloatArray, lat: FloatArray, **more: Any) -> BatchResult:
        asked.append(len(lon))
        return answer(self, lon, lat, **more)

    monkeypatch.setattr(BatchResolver, "answer", counted)
    foresee(WEST_THREE, RUBBISH, PARKING)
    assert asked == [8, 8], "four parts for two categories, by each of the rosters"


def test_of_a_ground_with_too_many_borders_only_its_size_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = foresee(WEST_THREE, PARKING)
    monkeypatch.setattr(foreseeing, "MAX_CUTTING", 5)
    assert foresee(WEST_THREE, PARKING) == replace(whole, asked=0, leads=())


def test_a_component_that_is_not_there_changes_nothing() -> None:
    comparison = Comparison(EDITION, compile_duties(ROSTER), compile_duties(ROSTER), NOW, ResolveOptions())
    assert comparison.of_component(Key("COMP_2_2_6", "none"), (PARKING,)).leads == ()
