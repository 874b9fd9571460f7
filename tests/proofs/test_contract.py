"""A sample of the proof that the service answers as its OpenAPI document says."""

from pathlib import Path

from tests.proofs.contract import prove_contract


def test_requests_made_from_the_description_are_answered_as_it_says(tmp_path: Path) -> None:
    rows = prove_contract(tmp_path, cases=45, at_least=100)
    assert not [row for row in rows if row.differences], rows
