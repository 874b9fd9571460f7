"""Run as a program: begins a long write and stops in the middle, so that a test can kill it there.

Arguments: database URL, what to do, after how many rows to stand still.
"""

import sys
import time
from collections.abc import Iterator

from shapely import box

from gridsvc.model.territory import Cell, Layer
from gridsvc.store import open_store
from tests.gridsvc.store.scenario import NOW, edition_of, silent

CELLS = 2000


def many_cells(name: str = "many") -> Iterator[Cell]:
    """Cells side by side."""
    return (Cell("S", f"{n:05d}", name, box(n / 1000, 0, (n + 1) / 1000, 1)) for n in range(CELLS))


def main(url: str, work: str, stand_still_at: int) -> None:
    """Say what was acknowledged, begin, say "middle", wait to be killed."""

    def progress(done: int, _total: int) -> None:
        if done >= stand_still_at:
            sys.stdout.write("middle\n")
            sys.stdout.flush()
            time.sleep(600)

    store = open_store(url)
    store.accept_issues(["ACKNOWLEDGED"], "before the kill", NOW)
    draft = store.create_draft(NOW, crs="EPSG:4548")
    if work == "import":
        store.put_features(draft.number, Layer.CELLS, many_cells(), [], progress)
    elif work == "publish":
        store.put_features(draft.number, Layer.CELLS, many_cells(), [], silent)
        store.publish_draft(draft.number, edition_of(draft.based_on + 1), progress)
    elif work == "restore":
        store.restore_edition(1, edition_of(draft.based_on + 1), progress)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
