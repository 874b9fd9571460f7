"""Whom a change of a row gives a post, and whom it leaves one that they had."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gridsvc.model.people import Absence, Assignment, Shift
from gridsvc.model.roster import Row
from gridsvc.roster.appointed import list_appointed

HELD = Assignment(code="A", post="P", person="X", stand_in="Y", valid_from=date(2026, 3, 1), valid_to=date(2026, 6, 1))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ON_DUTY = Shift(code="S", post="P", person="X", starts_at=NOON, ends_at=NOON.replace(hour=18))


@pytest.mark.parametrize(
    ("before", "after", "appointed"),
    [
        (None, HELD, ["X", "Y"]),
        (HELD, None, []),
        (HELD, HELD, []),
        (HELD, replace(HELD, person="Y", stand_in="X"), []),
        (HELD, replace(HELD, stand_in=None, valid_to=date(2026, 5, 1)), []),
        (HELD, replace(HELD, stand_in="Z"), ["Z"]),
        (HELD, replace(HELD, post="Q"), ["X", "Y"]),
        (HELD, replace(HELD, valid_from=date(2026, 2, 28)), ["X", "Y"]),
        (HELD, replace(HELD, valid_to=None), ["X", "Y"]),
        (replace(HELD, valid_from=None, valid_to=None), HELD, []),
        (None, ON_DUTY, ["X"]),
        (ON_DUTY, replace(ON_DUTY, ends_at=NOON.replace(hour=14)), []),
        (ON_DUTY, replace(ON_DUTY, starts_at=NOON.replace(hour=11)), ["X"]),
        (replace(ON_DUTY, post=None, department="D"), ON_DUTY, ["X"]),
        (None, replace(ON_DUTY, post=None, department="D"), ["X"]),
        (None, replace(ON_DUTY, person=None), []),
        (None, Absence(code="AB", person="X"), []),
    ],
)
def test_whom_a_change_gives_a_post(before: Row | None, after: Row | None, appointed: list[str]) -> None:
    assert list_appointed(before, after) == appointed
