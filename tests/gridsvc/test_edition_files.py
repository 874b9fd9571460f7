"""The folder of compiled editions: who compiles, who opens, what becomes of files that are bad, old or half there."""

import errno
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gridsvc.errors import NotFound
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file.read import stamp_of
from gridsvc.index.territory.cells import match_cells
from gridsvc.locks import alone
from gridsvc.model.edition import Edition
from gridsvc.ports import Store
from gridsvc.serving import EditionFiles, Serving, files
from gridsvc.store import SqlStore, open_store
from tests.fixtures.served_city import publish_territory
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def store(city_folder: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{city_folder / 'gridsvc.db'}")
    yield opened
    opened.close()


@pytest.fixture
def kept(store: SqlStore, tmp_path: Path) -> EditionFiles:
    return EditionFiles(tmp_path / "index", store, lambda: NOW)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the editions that were compiled."""
    made: list[int] = []
    original = files.compile_edition

    def compile_and_tell(store: Store, edition: Edition) -> CompiledEdition:
        made.append(edition.number)
        return original(store, edition)

    monkeypatch.setattr(files, "compile_edition", compile_and_tell)
    return made


def publish(store: SqlStore, when: datetime, name: str) -> int:
    territory = tiny_territory()
    cells = (replace(territory.cells[0], name=name), *territory.cells[1:])
    return publish_territory(store, replace(territory, cells=cells), when).number


def test_an_edition_that_is_not_there_is_not_found(kept: EditionFiles) -> None:
    with pytest.raises(NotFound):
        kept.open(9)


def test_an_edition_is_compiled_once_and_then_opened(kept: EditionFiles, store: SqlStore, compiled: list[int]) -> None:
    first, second = kept.open(1), EditionFiles(kept.path("").parent, store, lambda: NOW).open(1)
    assert compiled == [1]
    assert first.digest == second.digest == store.get_edition(1).digest
    assert not first.cells.polygons.x.flags.writeable


def test_what_was_kept_by_who_published_needs_no_compiling(
    kept: EditionFiles, store: SqlStore, compiled: list[int]
) -> None:
    kept.keep(compile_territory(2, NOW, tiny_territory()))
    before = kept.path(store.get_edition(1).digest).stat()
    kept.keep(compile_territory(3, NOW, tiny_territory()))
    assert kept.open(1).number == 1
    assert compiled == []
    assert kept.path(store.get_edition(1).digest).stat() == before


@pytest.mark.parametrize("fault", ["cut off", "another's", "empty"])
def test_a_file_that_cannot_be_used_is_made_anew_and_told(
    kept: EditionFiles, store: SqlStore, compiled: list[int], caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    path = kept.path(store.get_edition(1).digest)
    kept.open(1)
    if fault == "another's":
        other = compile_territory(1, NOW, replace(tiny_territory(), groups=()))
        kept.keep(other)
        kept.path(other.digest).replace(path)
    else:
        os.truncate(path, 1_000 if fault == "cut off" else 0)
    with caplog.at_level(logging.ERROR):
        assert kept.open(1).digest == store.get_edition(1).digest
    assert compiled == [1, 1]
    assert "the index file of edition 1 is made anew: it" in caplog.text
    assert kept.open(1).number == 1
    assert compiled == [1, 1]


def test_the_edition_before_answers_while_a_damaged_file_is_made_anew(
    kept: EditionFiles, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = Serving(store, lambda: NOW, open_edition=kept.open)
    serving.refresh()
    number = publish(store, NOW - timedelta(days=1), "new")
    kept.open(number)
    os.truncate(kept.path(store.get_edition(number).digest), 100)
    answered: list[int] = []
    original = files.compile_edition

    def compile_and_ask(asked: SqlStore, edition: object) -> object:
        answered.append(serving.current().edition.number)
        return original(asked, edition)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "compile_edition", compile_and_ask)
    serving.refresh()
    assert answered == [1]
    assert serving.current().edition.number == number


def test_on_a_full_disk_an_edition_answers_from_memory(
    kept: EditionFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "write_edition", full)
    with caplog.at_level(logging.ERROR):
        edition = kept.open(1)
    assert not kept.path(edition.digest).exists()
    assert match_cells(edition, np.array([116.4003]), np.array([39.9003]), 10.0).cell.tolist() == [0]
    assert "edition 1 answers from memory, its index file was not kept: No space left on device" in caplog.text


def test_files_that_nobody_wanted_for_longest_go_and_those_in_force_stay(
    kept: EditionFiles, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "KEPT_FILES", 3)
    later = publish(store, NOW + timedelta(days=9), "later")
    older = [publish(store, NOW + timedelta(days=9), f"{k}") for k in range(4)]
    digests = {number: store.get_edition(number).digest for number in (1, later, *older)}
    monkeypatch.setattr(store, "list_editions", list)
    for age, number in enumerate(digests):
        kept.open(number)
        for file in (kept.path(digests[number]), stamp_of(kept.path(digests[number]))):
            os.utime(file, (age, age))
    left = {path.stem for path in kept.path("").parent.glob("*.arrow")}
    assert left == {digests[1], *(digests[number] for number in older[1:])}


def test_what_a_killed_process_left_half_written_goes_unless_it_is_still_written(kept: EditionFiles) -> None:
    folder = kept.path("").parent
    folder.mkdir()
    for name in ("dead.part", "alive.part"):
        (folder / name).write_bytes(b"half")
    with alone(folder / "alive.lock", wait=True):
        kept.open(1)
        assert [path.name for path in folder.glob("*.part")] == ["alive.part"]


def _compile_slowly(url: str, folder: Path, started: object) -> None:
    original = files.write_edition

    def slow(*given: object) -> None:
        (folder / f"{given[0].digest}.part").write_bytes(b"half")  # type: ignore[attr-defined]
        started.set()  # type: ignore[attr-defined]
        time.sleep(60)
        original(*given)  # type: ignore[arg-type]

    files.write_edition = slow  # type: ignore[assignment]
    EditionFiles(folder, open_store(url), lambda: NOW).open(1)


def test_a_killed_compile_holds_nobody_up(kept: EditionFiles, city_folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    started, folder = spawn.Event(), kept.path("").parent
    process = spawn.Process(target=_compile_slowly, args=(f"sqlite:///{city_folder / 'gridsvc.db'}", folder, started))
    process.start()
    assert started.wait(60)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(20)
    assert kept.open(1).number == 1
    assert not list(folder.glob("*.part"))
