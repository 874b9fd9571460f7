"""Kernels are compiled before anybody waits, and for all editions at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gridsvc.index import kernels
from gridsvc.index.compile import compile_territory
from gridsvc.index.file import open_edition, write_edition
from gridsvc.index.warm import warm_up
from gridsvc.model.territory import Territory
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KERNELS = ("walk_raster", "choose_segments", "rows_in_box", "box_pairs", "locate")


def compiled_kernels() -> dict[str, int]:
    """How many forms of each there are, one for each kind of arrays it was asked of."""
    return {name: len(getattr(kernels, name).signatures) for name in KERNELS}


@pytest.mark.parametrize("territory", [tiny_territory(), Territory("EPSG:4548")], ids=["tiny", "empty"])
def test_one_form_of_each_kernel_serves_what_was_compiled_and_what_was_opened(
    territory: Territory, tmp_path: Path
) -> None:
    edition = compile_territory(1, NOW, territory)
    warm_up(edition)
    before = compiled_kernels()
    write_edition(edition, tmp_path / "tiny.arrow")
    warm_up(open_edition(tmp_path / "tiny.arrow", 1, NOW, edition.digest))
    assert compiled_kernels() == before
    assert min(before.values()) > 0
