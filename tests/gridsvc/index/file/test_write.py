"""Writing a file of an edition: the same bytes for the same content, and nothing half done."""

import errno
import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file import write_edition
from tests.fixtures.tiny_city import tiny_territory

NOW, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def tiny() -> CompiledEdition:
    return compile_territory(1, NOW, tiny_territory())


def test_a_disk_that_refuses_leaves_what_was_there(
    tiny: CompiledEdition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tiny.arrow"
    path.write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_edition(tiny, path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("tiny.arrow", b"before")]


def test_what_a_killed_process_left_is_written_over(tiny: CompiledEdition, tmp_path: Path) -> None:
    (tmp_path / "tiny.part").write_bytes(bytes(10_000_000))
    write_edition(tiny, tmp_path / "tiny.arrow")
    assert [file.name for file in tmp_path.iterdir()] == ["tiny.arrow"]
    assert (tmp_path / "tiny.arrow").stat().st_size < 1_000_000


def test_the_same_content_makes_the_same_bytes(tiny: CompiledEdition, tmp_path: Path) -> None:
    mixed, territory = random.Random(5), tiny_territory()
    shuffled = replace(territory, cells=tuple(mixed.sample(territory.cells, len(territory.cells))))
    write_edition(tiny, tmp_path / "one.arrow")
    write_edition(compile_territory(9, LATER, shuffled), tmp_path / "other.arrow")
    assert (tmp_path / "one.arrow").read_bytes() == (tmp_path / "other.arrow").read_bytes()
