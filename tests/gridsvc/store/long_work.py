"""Processes that do long writes: one stands still in the middle, where a test kills it; two publish at once."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from shapely import box
from sqlalchemy import event

from gridsvc.errors import Conflict
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer
from gridsvc.store import SqlStore, open_store
from tests.gridsvc.store.scenario import NOW, edition_of, person, silent

CELLS = 600


def many_cells(name: str = "many") -> Iterator[Cell]:
    """Cells side by side."""
    return (Cell("S", f"{n:05d}", name, box(n / 1000, 0, (n + 1) / 1000, 1)) for n in range(CELLS))


def many_people(name: str = "many") -> list[RosterChange]:
    """As many people as cells."""
    return [person(f"P{n:05d}", name) for n in range(CELLS)]


def kill_in_the_middle(url: str, work: str) -> None:
    """Let another process do some work and kill it (SIGKILL) when the first chunks are written."""
    process, pipe = _start(_stand_still, url, work)
    assert pipe.poll(120), "the other process never came to the middle"
    assert pipe.recv() == "middle"
    process.kill()
    process.join()
    assert process.exitcode == -9
    pipe.close()


def publish_at_once(url: str, drafts: list[int], number: int) -> list[str]:
    """One process per draft, all of them publishing it as the same edition at once: "published" or the conflict."""
    workers = [_start(_publish, url, draft, number) for draft in drafts]
    for _, pipe in workers:
        assert pipe.poll(120), "a process never got ready"
        assert pipe.recv() == "ready"
    for _, pipe in workers:
        pipe.send("go")
    outcomes = []
    for process, pipe in workers:
        assert pipe.poll(120), "a process never ended"
        outcomes.append(str(pipe.recv()))
        process.join()
        pipe.close()
    return outcomes


def _start(work: Callable[..., None], *arguments: object) -> tuple[ForkServerProcess, Any]:
    # A fork of this process would share its open SQLite files, which SQLite forbids; a fresh one starts too slowly.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    here, there = context.Pipe()
    process = context.Process(target=work, args=(*arguments, there), daemon=True)
    process.start()
    return process, here


def _publish(url: str, draft: int, number: int, parent: Connection) -> None:
    store = open_store(url)
    parent.send("ready")
    parent.recv()
    try:
        store.publish_draft(draft, edition_of(number), silent)
        parent.send("published")
    except Conflict as conflict:
        parent.send(conflict.message)


def _stand_still(url: str, work: str, parent: Connection) -> None:
    def progress(done: int, _total: int) -> None:
        if 0 < done < CELLS:
            parent.send("middle")
            time.sleep(600)

    store = open_store(url)
    store.accept_issues(["ACKNOWLEDGED"], "before the kill", NOW)
    if work == "restore":
        store.restore_edition(1, edition_of(store.state().edition + 1), progress)
        return
    if work == "append":
        _stop_at_commit(store, 3, parent)
        store.append_roster(many_people(), NOW)
        return
    draft = store.create_draft(NOW, crs="EPSG:4548")
    if work == "draft roster":
        _stop_at_commit(store, 3, parent)
    store.put_draft_roster(draft.number, many_people())
    store.put_features(draft.number, Layer.CELLS, many_cells(), [], progress if work == "import" else silent)
    store.publish_draft(draft.number, edition_of(draft.based_on + 1), progress)


def _stop_at_commit(store: SqlStore, number: int, parent: Connection) -> None:
    """For work that tells no progress: stand still with two chunks committed and the third one not."""
    commits = count(1)

    def stop(_connection: object) -> None:
        if next(commits) == number:
            parent.send("middle")
            time.sleep(600)

    event.listen(store._database.engine, "commit", stop)
