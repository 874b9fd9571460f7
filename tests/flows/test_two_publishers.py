"""Two planners publish at once, each in a terminal of their own: one order, nothing lost, conflicts by name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gridsvc.model.edition import DraftState
from gridsvc.model.territory import Cell, Layer
from gridsvc.ports import Store
from tests.api.cli.terminal import Terminal
from tests.fixtures.served_city import publish_territory
from tests.fixtures.tiny_city import tiny_territory

Results = list[tuple[int, str]]


def publish_both(store: Store, database_url: str, folder: Path, edits: Sequence[Cell]) -> Results:
    """Publish the tiny city, then a draft per edit, all at the same time; (exit code, stderr) in that order."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    publish_territory(store, tiny_territory(), now)
    numbers = []
    for cell in edits:
        draft = store.create_draft(now, cell.name)
        store.put_features(draft.number, Layer.CELLS, [cell], (), lambda done, total: None)
        numbers.append(draft.number)
    terminal = Terminal(folder, {"GRIDSVC_DATABASE_URL": database_url})
    running = [terminal.start("publish", "--draft", str(number), "--commit") for number in numbers]
    try:
        talks = [process.communicate(timeout=300)[1] for process in running]
    finally:
        for process in running:
            process.kill()
    return [(process.returncode, talk) for process, talk in zip(running, talks, strict=True)]


def test_both_come_through_one_after_the_other(store: Store, database_url: str, tmp_path: Path) -> None:
    first, second = (replace(tiny_territory().cells[index], name=name) for index, name in ((0, "mine"), (8, "theirs")))
    results = publish_both(store, database_url, tmp_path, [first, second])
    assert [code for code, _ in results] == [0, 0], results
    editions = store.list_editions()
    assert [edition.number for edition in editions] == [1, 2, 3]
    assert [edition.effective_from for edition in editions] == sorted(edition.effective_from for edition in editions)
    cells = store.load_territory(3).cells
    assert (cells[0].name, cells[8].name, len(cells)) == ("mine", "theirs", 9)
    assert all(draft.state is not DraftState.OPEN for draft in store.list_drafts())


def test_of_two_that_change_the_same_one_is_refused_by_name(store: Store, database_url: str, tmp_path: Path) -> None:
    cell = tiny_territory().cells[4]
    results = publish_both(store, database_url, tmp_path, [replace(cell, name=name) for name in ("mine", "theirs")])
    assert sorted(code for code, _ in results) == [0, 1], results
    [refusal] = [talk for code, talk in results if code == 1]
    assert "REBASE_CONFLICT" in refusal
    assert cell.code in refusal
    winner = "mine" if results[0][0] == 0 else "theirs"
    assert store.load_territory(2).cells[4].name == winner
    assert store.state().edition == 2
    assert [draft.comment for draft in store.list_drafts() if draft.state is DraftState.OPEN] == [
        {"mine": "theirs", "theirs": "mine"}[winner]
    ]
