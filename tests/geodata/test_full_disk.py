"""A disk that is full while files are unpacked or copied says nothing of the files: it is told as what it is."""

import errno
import random
import zipfile
from pathlib import Path

import pytest

from geodata.formats import read_files
from gridsvc.disk import is_full
from tests.fixtures.disks import SMALL_DISK, files_of_at_most
from tests.geodata.layer_writing import frame


def _large_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", random.Random(1).randbytes(2 * SMALL_DISK))
    return folder / "a.zip"


def _is_refused_by_the_disk(path: Path) -> None:
    with pytest.raises(OSError, check=is_full):
        read_files([path], "cells")


def test_zip_that_does_not_fit_is_not_told_as_damaged(small_disk: Path, tmp_path: Path) -> None:
    _is_refused_by_the_disk(_large_zip(tmp_path))
    assert list(small_disk.iterdir()) == []


def test_zip_larger_than_files_may_be_is_not_told_as_damaged(tmp_path: Path) -> None:
    path = _large_zip(tmp_path)
    with files_of_at_most(SMALL_DISK):
        _is_refused_by_the_disk(path)


def test_shapefile_whose_index_does_not_fit_is_not_told_as_unreadable(small_disk: Path, tmp_path: Path) -> None:
    """A missing .shx is made again, beside a copy."""
    path = tmp_path / "a.shp"
    frame().to_file(path)
    path.with_suffix(".shx").unlink()
    room = 4096 * (path.stat().st_size // 4096 + path.with_suffix(".dbf").stat().st_size // 4096 + 2)
    (small_disk / "taken").write_bytes(bytes(SMALL_DISK - room))
    _is_refused_by_the_disk(path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_what_a_disk_says_that_takes_no_more(number: int) -> None:
    assert is_full(OSError(number, "no"))
    assert not is_full(OSError(errno.EINVAL, "no"))
