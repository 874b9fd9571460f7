"""A sample of the proof that killing a serving process neither loses a live message nor tells it twice."""

from pathlib import Path

from tests.proofs.live_killed import prove_live_killed


def test_no_message_is_lost_or_told_twice(tmp_path: Path) -> None:
    [row] = prove_live_killed(tmp_path, kills=1)
    assert row.differences == 0
    assert row.cases > 100
