"""A roster table at the terminal: checked as every other change, and nobody who changes it meanwhile is overwritten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from geodata.checks.rows import RosterContext
from geodata.roster_files import RosterReport, RosterRequest, import_roster
from gridsvc.errors import Busy, LayerRefused
from gridsvc.model.people import Person, Shift
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Layer
from gridsvc.store import SqlStore
from tests.fixtures.served_city import append_rows, publish_territory
from tests.fixtures.tiny_city import cell_code, tiny_rows, tiny_territory
from tests.geodata.fresh_store import fresh_store

NOW = datetime(2026, 11, 22, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
LEAD = "code,category,area,department,part\nK9,EVENT_CJT214:0505,990101,PARKS,LEAD\n"
POST = "code,role,target_kind,target_code\nNEW,STEWARD,cell,{code}\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def city(store: SqlStore) -> SqlStore:
    append_rows(store, tiny_rows())
    publish_territory(store, tiny_territory(), NOW - timedelta(days=1))
    return store


def run(store: SqlStore, folder: Path, table: str, text: str, **options: Any) -> RosterReport:
    path = folder / f"{table}.csv"
    path.write_text(text, "utf-8")
    return import_roster(store, RosterRequest(table, path, commit=True, **options), NOW)


def codes(refused: pytest.ExceptionInfo[LayerRefused]) -> set[str]:
    return {issue.code for issue in refused.value.issues if issue.severity == "BLOCK"}


@pytest.mark.parametrize(
    ("table", "text", "code"),
    [
        ("competences", LEAD, "TWO_LEADS"),
        ("posts", POST.format(code="NOWHERE"), "POST_TARGET_UNKNOWN"),
        ("assignments", "code,post,person\nA9,CHIEF-WEST,NOBODY\n", "ROW_PERSON_UNKNOWN"),
    ],
)
def test_what_a_change_over_http_is_refused_for_an_import_is_too(
    city: SqlStore, tmp_path: Path, table: str, text: str, code: str
) -> None:
    with pytest.raises(LayerRefused) as refused:
        run(city, tmp_path, table, text)
    assert code in codes(refused)
    assert city.state().roster_revision == 1


def test_findings_are_accepted_with_a_reason_and_stay_so(city: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(LayerRefused) as refused:
        run(city, tmp_path, "posts", POST.format(code="SOON"))
    [name] = [issue.id for issue in refused.value.issues if issue.severity == "BLOCK"]
    assert run(city, tmp_path, "posts", POST.format(code="SOON"), accept={name: "drawn next week"}).added == 1
    assert city.list_acceptances() == {name: "drawn next week"}


def test_what_was_amiss_before_refuses_nothing(city: SqlStore, tmp_path: Path) -> None:
    row = tiny_rows()["competences"][0]
    append_rows(city, {"competences": [replace(row, code="OLD")]})  # type: ignore[call-arg]
    assert run(city, tmp_path, "people", "code,name\nP50,Lu Yi\n").added == 1


def test_before_the_first_edition_publishing_checks(store: SqlStore, tmp_path: Path) -> None:
    assert run(store, tmp_path, "posts", POST.format(code="ANY")).revision == 1


def test_rows_may_name_what_is_to_come(city: SqlStore, tmp_path: Path) -> None:
    """An edition that takes effect later, and a draft where it is said."""
    cells = tiny_territory().cells
    later, sooner = (replace(cells[0], code=code) for code in ("990101001001098", "990101001001099"))
    publish_territory(city, replace(tiny_territory(), cells=(*cells, later)), NOW + timedelta(days=3))
    assert run(city, tmp_path, "posts", POST.format(code=later.code)).added == 1
    draft = city.create_draft(NOW)
    city.put_features(draft.number, Layer.CELLS, [sooner], [], lambda done, total: None)
    other = POST.format(code=sooner.code).replace("NEW", "NEW-2")
    with pytest.raises(LayerRefused):
        run(city, tmp_path, "posts", other)
    assert run(city, tmp_path, "posts", other, draft=draft.number).added == 1
    assert run(city, tmp_path, "posts", POST.format(code=cell_code("A0"))).changed == 1


class Hasty:
    """A store where somebody else writes a row just before an import does, some times over."""

    def __init__(self, store: SqlStore, times: int) -> None:
        self._store, self._times = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append_roster(self, *given: Any, **named: Any) -> int:
        if self._times:
            self._times -= 1
            other = Person(code="P02", name=f"changed meanwhile {self._times}")
            self._store.append_roster([RosterChange("people", "P02", other)], NOW)
        return self._store.append_roster(*given, **named)


def test_who_was_quicker_is_not_overwritten(city: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    known = city.load_roster().tables["people"]
    lines = [f"{code},{row.name}" for code, row in known.items() if isinstance(row, Person) and code != "P02"]
    path.write_text("\n".join(["code,name", *lines, "P77,New"]), "utf-8")
    request = RosterRequest("people", path, commit=True)
    report = import_roster(Hasty(city, 2), request, NOW)  # type: ignore[arg-type]
    assert (report.revision, report.added) == (4, 1)
    found = city.load_roster().tables["people"]
    assert [getattr(found[code], "name", None) for code in ("P02", "P77")] == ["changed meanwhile 0", "New"]


def test_an_import_that_is_always_overtaken_says_so(city: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("code,name\nP77,New\n", "utf-8")
    with pytest.raises(Busy, match="keep changing"):
        import_roster(Hasty(city, 99), RosterRequest("people", path, commit=True), NOW)  # type: ignore[arg-type]
    assert "P77" not in city.load_roster().tables["people"]


@pytest.mark.parametrize("code", ["A/1", "A\\1", "A?1", "A#1", "A\x071", "x" * 101])
def test_a_code_that_cannot_stand_in_an_address_is_refused(store: SqlStore, tmp_path: Path, code: str) -> None:
    with pytest.raises(LayerRefused) as refused:
        run(store, tmp_path, "people", f"code,name\n{code},An\n")
    assert codes(refused) == {"ROW_CODE_UNFIT"}


@pytest.mark.parametrize("key", ["SC,A/1", "SC,A:1", "S/C,1"])
def test_a_category_that_cannot_stand_in_an_address_is_refused(store: SqlStore, tmp_path: Path, key: str) -> None:
    with pytest.raises(LayerRefused) as refused:
        run(store, tmp_path, "categories", f"scheme,code,kind,major,name,name_en\n{key},EVENT,x,y,z\n")
    assert codes(refused) == {"ROW_CODE_UNFIT"}


def test_a_shift_that_runs_in_the_small_hours_still_matters(store: SqlStore) -> None:
    """At one in the morning in Shanghai the day is UTC's day before."""
    night = datetime(2026, 11, 22, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    shift = Shift(code="S", department="D", starts_at=night - timedelta(hours=5), ends_at=night + timedelta(hours=5))
    context = RosterContext(None, store.load_roster(), night.date())  # type: ignore[arg-type]
    assert context.lasts(shift)
    assert not context.lasts(replace(shift, ends_at=datetime(2026, 11, 20, tzinfo=UTC)))
