"""Sample cities, each built once; and the default one compiled for the resolver."""

from datetime import UTC, date, datetime
from functools import cache

from geodata.sample_city.build import SampleCity, build_sample_city
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties, compile_duties
from gridsvc.model.roster import Roster, row_key

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@cache
def city(cells: int = 1500, seed: int = 2026) -> SampleCity:
    """A sample city."""
    return build_sample_city(today=TODAY, seed=seed, cells=cells)


@cache
def roster() -> Roster:
    """The default city's roster."""
    return Roster(1, {table: {row_key(row): row for row in rows} for table, rows in city().rows.items()})


@cache
def edition() -> CompiledEdition:
    """The default city's territory, compiled."""
    return compile_territory(1, NOW, city().territory)


@cache
def duties() -> Duties:
    """The default city's roster, compiled."""
    return compile_duties(roster())
