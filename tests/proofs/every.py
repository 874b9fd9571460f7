"""All proofs in full, each to be run in a process of its own."""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fixtures.real_data import real_data_folder
from tests.proofs.beijing import prove_beijing
from tests.proofs.contract import prove_contract
from tests.proofs.france import prove_france
from tests.proofs.killed_recording import prove_killed_recording
from tests.proofs.large_batches import prove_large_batches
from tests.proofs.live_killed import prove_live_killed
from tests.proofs.polygons import prove_polygons
from tests.proofs.row import Row
from tests.proofs.sample_city import prove_sample_city
from tests.proofs.streets import prove_streets
from tests.proofs.whole_answers import prove_whole_answers

PROOFS: Mapping[str, Callable[[Path], list[Row]]] = {
    # Long ones first: as many run at once as there are cores.
    "france": lambda folder: prove_france(data_folder().joinpath, folder, sample=False),
    "sample-city": lambda folder: prove_sample_city(sample=False),
    "polygons": lambda _: prove_polygons(data_folder(), sample=False),
    "whole-answers": lambda _: prove_whole_answers(cities=3_000),
    "contract": lambda folder: prove_contract(folder, cases=8_000, at_least=5_000),
    "large-batches": lambda folder: prove_large_batches(folder, sample=False),
    "live-killed": lambda folder: prove_live_killed(folder, kills=20),
    "killed-recording": lambda folder: prove_killed_recording(folder, kills=40),
    "streets": lambda folder: prove_streets(data_folder().joinpath, sample=False),
    "beijing": lambda folder: prove_beijing(data_folder().joinpath, folder, sample=False),
}


def run_proof(name: str) -> tuple[list[Row], float]:
    """The rows of one of them, by its name in PROOFS, and how many seconds they took."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        rows = PROOFS[name](Path(folder))
    return rows, time.perf_counter() - start


def data_folder() -> Path:
    """The real data, without which nothing is proved."""
    data = real_data_folder()
    if data is None:
        sys.exit("No real data: set GRIDSVC_REAL_DATA to its folder.")
    return data
