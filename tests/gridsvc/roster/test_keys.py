"""Keys that the service makes for new rows."""

from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from gridsvc.model.departments import Competence, Part, Stationing, StationingMode
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, Shift, Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.roster import Row
from gridsvc.roster.keys import MAX_BASE, propose_keys

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def first(table: str, row: Row, *taken: str) -> str:
    return next(propose_keys(table, row, set(taken), ZONE))


@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        (
            "posts",
            Post(code="", role=Role.LANE_CHIEF, target_kind=TargetKind.SEGMENT, target_code="L/A"),
            "LANE_CHIEF-L-A",
        ),
        (
            "posts",
            Post(code="", role=Role.STEWARD, target_kind=TargetKind.SEGMENT, target_code="L", side=Side.LEFT),
            "STEWARD-L-LEFT",
        ),
        ("assignments", Assignment(code="", post="X", person="P", valid_from=date(2026, 3, 1)), "X-2026-03-01"),
        ("assignments", Assignment(code="", post="X", person="P"), "X-START"),
        ("absences", Absence(code="", person="P", valid_from=date(2026, 3, 1)), "AWAY-P-2026-03-01"),
        ("shifts", Shift(code="", starts_at=START, ends_at=START, post="X"), "SHIFT-X-20260301T1600"),
        ("stationings", Stationing(code="", department="D", subdistrict="1", mode=StationingMode.ON_CALL), "D-AT-1"),
        (
            "competences",
            Competence(code="", category=Key("S", "0102"), area="1", department="D", part=Part.LEAD),
            "0102-1-LEAD",
        ),
        ("people", Person(code="", name="n"), "P-0001"),
    ],
)
def test_a_key_says_what_the_row_says(table: str, row: Row, key: str) -> None:
    assert first(table, row) == key


def test_a_night_shift_has_the_day_of_the_city() -> None:
    """At two in the morning it is still the day before in UTC."""
    row = Shift(code="", starts_at=datetime(2026, 2, 28, 18, tzinfo=UTC), ends_at=START, post="X")
    assert first("shifts", row) == "SHIFT-X-20260301T0200"


def test_a_key_that_is_taken_gets_a_number() -> None:
    row = Assignment(code="", post="X", person="P")
    assert first("assignments", row, "X-START", "X-START-2") == "X-START-3"
    assert list(islice(propose_keys("assignments", row, {"X-START"}, ZONE), 2)) == ["X-START-2", "X-START-3"]


def test_numbers_go_on_after_the_greatest() -> None:
    row = Person(code="", name="n")
    assert first("people", row, "P-0007", "P-2", "P-x", "Q-9999") == "P-0008"
    assert first("people", row, "P-9999") == "P-10000"
    assert first("people", row, "P-²") == "P-0001"


def test_a_key_has_an_end() -> None:
    assert len(first("assignments", Assignment(code="", post="X" * 500, person="P"))) == MAX_BASE
