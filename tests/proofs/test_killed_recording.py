"""A sample of the proof that killing a serving process loses no incident and makes none twice."""

from pathlib import Path

import pytest

from tests.fixtures.stores import fresh_postgis
from tests.proofs.killed_recording import prove_killed_recording


def test_nothing_acknowledged_is_lost_and_nothing_is_recorded_twice(tmp_path: Path) -> None:
    rows = prove_killed_recording(tmp_path, kills=1)
    assert not [row for row in rows if row.differences]
    assert all(row.cases > 10 for row in rows)


@pytest.mark.postgis
def test_the_same_on_postgis(tmp_path: Path) -> None:
    with fresh_postgis() as url:
        rows = prove_killed_recording(tmp_path, kills=1, database_url=url)
    assert not [row for row in rows if row.differences]
