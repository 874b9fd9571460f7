"""Leads by ground: a community that the roster names leads apart from its subdistrict."""

from datetime import UTC, datetime

import numpy as np

from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.roster.duties import compile_duties
from gridsvc.model.departments import Competence, DutyList, Part
from gridsvc.model.roster import Roster, row_key
from tests.fixtures.tiny_city import COMMUNITY, PARKING, RUBBISH, tiny_rows, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)
MIDDLES = np.array([116.4002, 116.4012, 116.4022])


def leads(category, **more):
    rows = tiny_rows()
    for table, found in more.items():
        rows[table] = [*rows[table], *found]
    roster = Roster(1, {table: {row_key(row): row for row in found} for table, found in rows.items()})
    edition = compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), tiny_territory())
    duties = compile_duties(roster)
    return list(resolve_many(edition, duties, MIDDLES, np.full(3, 39.9002), at=AT, categories=[category] * 3).lead)


def test_a_competence_of_one_community_is_not_that_of_the_next():
    named = Competence(
        code="K9", category=PARKING, area=COMMUNITY["A"], department="PARKS", part=Part.LEAD, basis="sample"
    )
    assert leads(PARKING) == ["TRAFFIC"] * 3
    assert leads(PARKING, competences=[named]) == ["PARKS", "TRAFFIC", "TRAFFIC"]


def test_a_duty_list_of_one_community_counts_there_alone():
    """It says nothing about rubbish: the inner unit that the city's list names is not asked there."""
    own = DutyList(code="OWN", title="Own list", area=COMMUNITY["B"], expected_count=0)
    assert leads(RUBBISH)[:2] == ["WEST-CITY"] * 2
    assert leads(RUBBISH, duty_lists=[own])[:2] == ["WEST-CITY", "WEST"]
