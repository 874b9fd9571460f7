"""A process that begins a long write and stands still in the middle, where a test kills it."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

from shapely import box

from gridsvc.model.territory import Cell, Layer
from gridsvc.store import open_store
from tests.gridsvc.store.scenario import NOW, edition_of, silent

CELLS = 600


def many_cells(name: str = "many") -> Iterator[Cell]:
    """Cells side by side."""
    return (Cell("S", f"{n:05d}", name, box(n / 1000, 0, (n + 1) / 1000, 1)) for n in range(CELLS))


def kill_in_the_middle(url: str, work: str) -> None:
    """Let another process do some work and kill it (SIGKILL) when the first chunks are written."""
    # A fork of this process would share its open SQLite files, which SQLite forbids; a fresh one starts too slowly.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(url, work, there), daemon=True)
    process.start()
    assert here.poll(120), "the other process never came to the middle"
    assert here.recv() == "middle"
    process.kill()
    process.join()
    assert process.exitcode == -9
    here.close()
    there.close()


def _work(url: str, work: str, parent: Connection) -> None:
    def progress(done: int, _total: int) -> None:
        if 0 < done < CELLS:
            parent.send("middle")
            time.sleep(600)

    store = open_store(url)
    store.accept_issues(["ACKNOWLEDGED"], "before the kill", NOW)
    if work == "restore":
        store.restore_edition(1, edition_of(store.state().edition + 1), progress)
        return
    draft = store.create_draft(NOW, crs="EPSG:4548")
    store.put_features(draft.number, Layer.CELLS, many_cells(), [], progress if work == "import" else silent)
    store.publish_draft(draft.number, edition_of(draft.based_on + 1), progress)
