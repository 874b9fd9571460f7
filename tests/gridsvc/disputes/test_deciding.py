"""Who may decide, about which ground and from which day; refusals first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from shapely import MultiPolygon, Point, Polygon, box

from gridsvc.datum import locate
from gridsvc.disputes.deciding import (
    MAX_VERTICES,
    Closing,
    Decision,
    check_dates,
    check_effect,
    check_ground,
    check_open,
    declined,
    determination_of,
    determined,
    place_polygon,
)
from gridsvc.errors import Conflict, InvalidInput, InvalidLocation, NotAllowed, UnknownDatum
from gridsvc.incidents.freezing import Asked, ask, freeze
from gridsvc.index.compile import compile_territory
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.shape import survey_shape
from gridsvc.model.incidents import Dispute, DisputeState
from gridsvc.model.places import Key
from tests.fixtures.tiny_city import PARKING, tiny_roster, tiny_territory

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EDITION, DUTIES = compile_territory(1, NOW, tiny_territory()), compile_duties(tiny_roster())
PLACE = locate(116.4015, 39.9005, "WGS84")
ANSWER = ask(EDITION, DUTIES, Asked(location=PLACE, at=NOW, category=PARKING), ResolveOptions())
DISPUTE = Dispute(
    number=7,
    state=DisputeState.OPEN,
    location=PLACE,
    answer=freeze(ANSWER),
    category=PARKING,
    component=None,
    incident=None,
    reason="x",
    claimed="PARKS",
    made_by="chief",
    opened_at=NOW,
)
CELL = box(116.401, 39.9, 116.402, 39.901)
WEST, EAST = "990101001", "990101002"


def decision(**about: object) -> Decision:
    return Decision(department="PARKS", decided_on=date(2026, 3, 2), **about)  # type: ignore[arg-type]


def check(polygon: Polygon, territory: str | None = None) -> None:
    ground = survey_shape(EDITION, polygon)
    inside = 1.0 if territory is None else ground.share_within(EDITION, territory)
    check_ground(DISPUTE, decision(polygon=polygon), ground, inside)


def test_nobody_decides_their_own_or_twice() -> None:
    check_open(DISPUTE, "clerk")
    with pytest.raises(NotAllowed):
        check_open(DISPUTE, "chief")
    with pytest.raises(Conflict, match="declined"):
        check_open(replace(DISPUTE, state=DisputeState.DECLINED), "clerk")


@pytest.mark.parametrize(
    ("polygon", "datum", "error"),
    [
        (CELL, "MARS", UnknownDatum),
        (box(-0.2, 51.4, -0.1, 51.5), "GCJ02", InvalidLocation),
        (box(116.4, 89, 116.5, 91), "WGS84", InvalidLocation),
        (Polygon([(116.4, 39.9), (116.402, 39.902), (116.402, 39.9), (116.4, 39.902)]), "WGS84", InvalidInput),
        (Point(116.4, 39.9).buffer(0.001, quad_segs=MAX_VERTICES), "WGS84", InvalidInput),
    ],
)
def test_ground_that_is_none(polygon: Polygon, datum: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        place_polygon(polygon, datum)


def test_ground_keeps_its_parts_and_its_datum_counts() -> None:
    twice = MultiPolygon([CELL, box(116.41, 39.9, 116.411, 39.901)])
    assert place_polygon(twice, "CGCS2000").equals(twice)
    moved = place_polygon(CELL, "GCJ02")
    assert 300 < (CELL.centroid.x - moved.centroid.x) * 85_000 < 700


def test_ground_holds_the_place_lies_in_the_city_and_in_the_territory() -> None:
    check(CELL)
    check(CELL, WEST)
    with pytest.raises(NotAllowed):
        check(CELL, EAST)
    with pytest.raises(NotAllowed):
        check(box(116.401, 39.9, 116.4022, 39.901), WEST)
    with pytest.raises(InvalidInput, match="does not hold"):
        check(box(116.4016, 39.9, 116.402, 39.901))
    with pytest.raises(InvalidInput, match="outside the city"):
        check(box(116.401, 39.899, 116.402, 39.901))
    check(box(116.4015, 39.9, 116.402, 39.901)), "on the edge it holds the place"


@pytest.mark.parametrize("about", [{}, {"polygon": CELL, "component": Key("S", "1")}])
def test_a_decision_is_about_one_thing(about: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="say one of them"):
        check_ground(DISPUTE, decision(**about), None, 1.0)


def test_another_component_than_the_disputed_one() -> None:
    component = Key("S", "1")
    check_ground(DISPUTE, decision(component=component), None, 1.0)
    check_ground(replace(DISPUTE, component=component), decision(component=component), None, 1.0)
    with pytest.raises(InvalidInput, match="not the one"):
        check_ground(replace(DISPUTE, component=Key("S", "2")), decision(component=component), None, 1.0)


@pytest.mark.parametrize(
    ("decided", "valid_to", "fine"),
    [
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (date(2026, 1, 30), None, True),
        (date(2026, 1, 29), None, False),
        (date(2026, 3, 2), date(2026, 3, 3), True),
        (date(2026, 3, 2), date(2026, 3, 2), False),
    ],
)
def test_days_of_a_decision(decided: date, valid_to: date | None, fine: bool) -> None:
    made = replace(decision(), decided_on=decided, valid_to=valid_to)
    if fine:
        check_dates(made, date(2026, 3, 2), date(2026, 3, 2))
    else:
        with pytest.raises(InvalidInput):
            check_dates(made, date(2026, 3, 2), date(2026, 3, 2))


def test_what_goes_before_a_decision_is_told() -> None:
    lead = next(department for department in ANSWER.departments if department.part == "LEAD")
    assert lead.rule_id is not None
    check_effect(ANSWER, lead.rule_id)
    with pytest.raises(InvalidInput, match="It would stay disputed") as refused:
        check_effect(ANSWER, "DET-0009")
    assert refused.value.details == {"rule": lead.rule, "rule_id": lead.rule_id}


def test_what_is_remembered() -> None:
    made = decision(polygon=CELL, categories=(PARKING,), basis="visit", documents=("minutes 7",))
    row = determination_of(made)
    assert (row.valid_from, row.valid_to, row.department, row.geometry) == (date(2026, 3, 2), None, "PARKS", CELL)
    closing = Closing("clerk", NOW)
    closed, refused = determined(DISPUTE, closing, made, "DET-1"), declined(DISPUTE, closing, "no")
    assert (closed.state, closed.determination, closed.decision, closed.version) == ("DETERMINED", "DET-1", "visit", 2)
    assert (refused.state, refused.determination, refused.decision, refused.decided_by) == (
        "DECLINED",
        None,
        "no",
        "clerk",
    )
