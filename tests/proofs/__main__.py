"""`make prove`: every proof in full; its table goes to docs/proofs.md. Ends with 1 when anything differed."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.fixtures.real_data import real_data_folder
from tests.proofs.beijing import prove_beijing
from tests.proofs.contract import prove_contract
from tests.proofs.france import prove_france
from tests.proofs.killed_recording import prove_killed_recording
from tests.proofs.large_batches import prove_large_batches
from tests.proofs.live_killed import prove_live_killed
from tests.proofs.row import Row
from tests.proofs.sample_city import prove_sample_city
from tests.proofs.streets import prove_streets

TABLE = Path(__file__).resolve().parents[2] / "docs" / "proofs.md"
INTRODUCTION = """# Proofs

Every geometric answer against independent ones, on real and adversarial layers. `make prove` runs them and writes this
table; a sample of each runs in `make test`. "Differences" must be 0. Batches are sent to a serving process, where a
difference is another status, a missing row, more memory, a file left behind or silence afterwards. Processes that
record incidents or tell messages are killed with SIGKILL while clients send and listen; a difference is one lost,
recorded or heard twice, or not told.
Requests made from the OpenAPI document, right and wrong ones, are asked of every operation, by all roles until one may;
a difference is an answer that the document does not know: its status, type, headers or shape, and any 5xx.

| proof | held against | cases | differences | remark | seconds |
|---|---|---|---|---|---|
"""


def main() -> None:
    data = real_data_folder()
    if data is None:
        sys.exit("No real data: set GRIDSVC_REAL_DATA to its folder.")
    proofs: list[Callable[[Path], list[Row]]] = [
        lambda folder: prove_sample_city(sample=False),
        lambda folder: prove_beijing(data.joinpath, folder),
        lambda folder: prove_streets(data.joinpath, sample=False),
        lambda folder: prove_france(data.joinpath, folder, sample=False),
        lambda folder: prove_large_batches(folder, sample=False),
        lambda folder: prove_killed_recording(folder, kills=40),
        lambda folder: prove_live_killed(folder, kills=20),
        lambda folder: prove_contract(folder, cases=5_000),
    ]
    lines, differences = [], 0
    for proof in proofs:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            rows = proof(Path(folder))
            seconds = time.perf_counter() - start
        for row in rows:
            differences += row.differences
            lines.append(
                f"| {row.proof} | {row.against} | {row.cases:,} | {row.differences} | {row.remark} | {seconds:.0f} |"
            )
            sys.stdout.write(lines[-1] + "\n")
            sys.stdout.flush()
            seconds = 0.0
    TABLE.write_text(INTRODUCTION + "\n".join(lines) + "\n", "utf-8")
    sys.exit(1 if differences else 0)


main()
