"""Kernels are compiled before anybody waits, and for all editions at once."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index import kernels, sight_kernels
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.file import open_edition, write_edition
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.warm import warm_up, warm_up_early
from gridsvc.model.territory import Territory
from tests.fixtures.tiny_city import tiny_roster, tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KERNELS = {
    kernels: ("walk_raster", "choose_segments", "rows_in_box", "box_pairs", "locate"),
    sight_kernels: ("look", "nearest_edges"),
}


def compiled_kernels() -> dict[str, int]:
    """How many forms of each there are, one for each kind of arrays it was asked of."""
    return {name: len(getattr(module, name).signatures) for module, names in KERNELS.items() for name in names}


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


def test_who_asks_first_waits_for_no_kernel(tmp_path: Path) -> None:
    compiled = compile_territory(1, NOW, tiny_territory())
    write_edition(compiled, tmp_path / "tiny.arrow")
    edition, duties = open_edition(tmp_path / "tiny.arrow", 1, NOW, compiled.digest), compile_duties(tiny_roster())
    warm_up(edition)
    before = compiled_kernels()
    assert min(before.values()) > 0
    for lon, lat in ((116.4003, 39.9003), (116.401, 39.9005), (116.39999, 39.9005), (116.5, 39.9)):
        location = locate(lon, lat, "WGS84", None)
        try:
            resolve(edition, duties, location, at=NOW)
        except OutsideCoverage:
            assert lon == 116.5
    resolve_many(edition, duties, np.array([116.4003, 116.5]), np.array([39.9003, 39.9]), at=NOW)
    assert compiled_kernels() == before


def test_kernels_compiled_before_there_is_an_edition_are_those_of_every_edition() -> None:
    warm_up_early()
    before = compiled_kernels()
    warm_up(compile_territory(1, NOW, tiny_territory()))
    assert compiled_kernels() == before
