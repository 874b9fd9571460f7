"""`make prove`: every proof in full; its table goes to docs/proofs.md. Ends with 1 when anything differed.

One or some of them: `python -m tests.proofs contract live-killed`.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.proofs.every import PROOFS, data_folder, run_proof

TABLE = Path(__file__).resolve().parents[2] / "docs" / "proofs.md"
INTRODUCTION = """# Proofs

Every geometric answer against independent ones, on real and adversarial layers. `make prove` runs them and writes this
table; a sample of each runs in `make test`. "Differences" must be 0. Batches are sent to a serving process, where a
difference is another status, a missing row, more memory, a file left behind or silence afterwards. Processes that
record incidents or tell messages are killed with SIGKILL while clients send and listen; a difference is one lost,
recorded or heard twice, or not told. Whole answers in damaged invented cities are held against a second, slow writing
of the rules. Proofs run side by side, one a core; seconds are those of a whole proof.
Requests made from the OpenAPI document, right and wrong ones, are asked of every operation, by all roles until one may;
a difference is an answer that the document does not know: its status, type, headers or shape, any 5xx, a dropped
connection, and an operation that was never answered with what it is for.

| proof | held against | cases | differences | remark | seconds |
|---|---|---|---|---|---|
"""


def main() -> None:
    """Run them, each in a process of its own, and write the table; with names only those, whose lines are replaced."""
    wanted = sys.argv[1:] or list(PROOFS)
    if unknown := set(wanted) - set(PROOFS):
        sys.exit(f"No proof is called {', '.join(sorted(unknown))}: there are {', '.join(PROOFS)}.")
    data_folder()
    lines, differences = _earlier_lines() if sys.argv[1:] else {}, 0
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=1) as processes:
        for rows, seconds in processes.map(run_proof, wanted):
            differences += sum(row.differences for row in rows)
            for row, spent in zip(rows, [f"{seconds:.0f}", *[""] * len(rows)], strict=False):
                head = f"| {row.proof} | {row.against} |"
                lines[head] = f"{head} {row.cases:,} | {row.differences} | {row.remark} | {spent} |"
                sys.stdout.write(lines[head] + "\n")
            sys.stdout.flush()
    TABLE.write_text(INTRODUCTION + "\n".join(lines.values()) + "\n", "utf-8")
    sys.exit(1 if differences else 0)


def _earlier_lines() -> dict[str, str]:
    """The table's lines by their first two columns."""
    rows = TABLE.read_text("utf-8").partition("|---|\n")[2].splitlines()
    return {"|".join(row.split("|")[:3]) + "|": row for row in rows}


if __name__ == "__main__":
    main()
