from pathlib import Path

from geodata.checks import check_territory
from geodata.schemes import load_schemes
from gridsvc.model.issue import Severity
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Territory
from tests.fixtures.layers import CORNER, cell, gap, multi_part, rectangle, territory_of
from tests.fixtures.tiny_city import tiny_roster, tiny_territory
from tests.geodata.checks.findings import TODAY, findings, shipped_schemes


def test_an_empty_territory_has_nothing_to_tell() -> None:
    assert findings(Territory("EPSG:4548")) == []


def test_layers_without_polygons_are_no_trouble() -> None:
    city = tiny_territory()
    assert {i.code for i in findings(Territory("EPSG:4548", segments=city.segments), Roster())} == {
        "SEGMENT_AREA_UNKNOWN"
    }


def test_progress_is_told_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    check_territory(
        tiny_territory(),
        tiny_roster(),
        shipped_schemes(),
        today=TODAY,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert steps[-1][0] == steps[-1][1]


def test_a_citys_scheme_may_take_a_finding_easier(tmp_path: Path) -> None:
    own = tmp_path / "schemes.toml"
    own.write_text('[GRID_LOCAL]\nlayer = "cells"\npattern = \'\\S+\'\nseverity = { GAP = "WARNING" }\n', "utf-8")
    issues = check_territory(territory_of(gap()), Roster(), load_schemes(own), today=TODAY)
    assert [issue.severity for issue in issues if issue.code == "GAP"] == [Severity.WARNING]


def test_a_thousand_findings_of_one_code_are_enough() -> None:
    twins = tuple(
        cell(CORNER, f"{n}{side}", rectangle(3 * n, 0, 3 * n + 1, 1)) for n in range(1100) for side in ("a", "b")
    )
    issues = findings(territory_of(twins))
    assert sum(issue.code == "SAME_OUTLINE" for issue in issues) == 1000
    [more] = [issue for issue in issues if issue.code == "MORE_OF_THE_SAME"]
    assert (more.values["count"], more.severity) == (100, Severity.BLOCK)


def test_acceptances_count_before_the_list_is_cut() -> None:
    twins = tuple(
        cell(CORNER, f"{n}{side}", rectangle(3 * n, 0, 3 * n + 1, 1)) for n in range(1100) for side in ("a", "b")
    )
    accepted = {f"SAME_OUTLINE:cells:{n}a+{n}b": "twins" for n in range(1100)}
    assert {issue.severity for issue in findings(territory_of(twins), acceptances=accepted)} == {Severity.NOTE}


def test_multi_part_cells_and_layers_in_any_order_are_looked_at_alike() -> None:
    forward, back = territory_of(multi_part()), Territory("EPSG:4548", cells=multi_part()[::-1])
    assert findings(forward) == findings(back) == []
