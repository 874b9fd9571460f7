"""Which tiles are deleted: never those of today, nor what is young or somebody is at work on."""

import os
import time
from pathlib import Path

from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path, is_cut
from geodata.tiles.pruning import RECENT, UNTOUCHED_S, prune_tiles
from geodata.tiles.writing import cut_tiles
from gridsvc.locks import alone
from tests.fixtures.tiny_city import tiny_territory


def make(folder: Path, days_ago: float = 2 * UNTOUCHED_S / 86_400) -> Path:
    folder.mkdir(parents=True)
    (folder / "cells.pmtiles").write_bytes(b"x")
    at = time.time() - days_ago * 86_400
    os.utime(folder, (at, at))
    return folder


def test_editions_overtaken_long_ago_go_and_the_wanted_and_the_latest_stay(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    old = [make(folder / f"v1-{number:02}", days_ago=100 - number) for number in range(RECENT + 4)]
    assert sorted(prune_tiles(tmp_path, folder, ["00"])) == ["v1-01", "v1-02", "v1-03"]
    assert [path.name for path in old if path.is_dir()] == ["v1-00", *(f"v1-{n:02}" for n in range(4, RECENT + 4))]
    assert prune_tiles(tmp_path, folder, ["00"]) == []
    assert not list(folder.glob("*.lock"))


def test_what_is_young_stays_and_leftovers_go_when_they_are_old(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    for number in range(RECENT + 1):
        make(folder / f"v1-{number}", days_ago=0)
    make(folder / ".cutting-now", days_ago=0)
    assert prune_tiles(tmp_path, folder, []) == []
    make(folder / ".cutting-killed")
    make(folder / "v0-d")
    make(tmp_path / "other-rules" / "v1-d")
    os.utime(tmp_path / "other-rules", (0, 0))
    (tmp_path / "a-file").write_text("no folder")
    assert sorted(prune_tiles(tmp_path, folder, [])) == [".cutting-killed", "other-rules", "v0-d"]
    assert prune_tiles(tmp_path / "nowhere", tmp_path / "nowhere" / "rules", []) == []


def test_what_somebody_is_at_work_on_stays_and_nobody_waits(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    for number in range(RECENT + 1):
        make(folder / f"v1-{number}", days_ago=RECENT + 9 - number)
    with alone(folder / "v1-0.lock", wait=True) as first, alone(folder / "v1-0.lock", wait=False) as second:
        assert (first, second) == (True, False)
        assert prune_tiles(tmp_path, folder, []) == []
    assert prune_tiles(tmp_path, folder, []) == ["v1-0"]


def test_a_lock_that_its_holder_deleted_keeps_nobody_out_and_lets_no_two_in(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with alone(lock, wait=True):
        lock.unlink()
        with alone(lock, wait=False) as another:
            assert another
    assert lock.is_file()


def test_who_reads_a_deleted_archive_reads_on_and_the_edition_is_cut_again(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    cut_tiles(tiny_territory(), "d", folder, lambda done, total: None)
    for number in range(RECENT):
        make(folder / f"v1-{number}")
    archive = Archive(archive_path(folder, "d", "cells"))
    os.utime(folder / "v1-d", (0, 0))
    assert prune_tiles(tmp_path, folder, []) == ["v1-d"]
    assert not is_cut(folder, "d")
    assert archive.find(15, 26979, 12417)
    assert cut_tiles(tiny_territory(), "d", folder, lambda done, total: None)
