"""The roster: complete, in order by the service's own checks, and nobody's real data."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from geodata.checks import check_territory
from geodata.sample_city.bodies import category_keys
from geodata.schemes import load_schemes
from gridsvc.datum.location import locate
from gridsvc.index.resolve import resolve
from gridsvc.model.departments import DepartmentLevel, Part
from gridsvc.model.people import Role
from gridsvc.model.places import Key
from gridsvc.model.roster import ROSTER_TABLES, row_key
from tests.geodata.sample_city.built import NOW, TODAY, city, duties, edition, roster

ROWS = city().rows


def test_every_table_has_rows_and_no_key_twice():
    assert set(ROWS) == set(ROSTER_TABLES)
    for table, rows in ROWS.items():
        assert rows
        assert len({row_key(row) for row in rows}) == len(rows), table


@pytest.mark.parametrize(("cells", "seed"), [(1500, 2026), (60, 1), (400, 5)])
def test_the_checks_of_publishing_find_nothing(cells, seed):
    sample = city(cells, seed)
    rows = {table: {row_key(row): row for row in rows} for table, rows in sample.rows.items()}
    book = roster().__class__(1, rows)
    found = check_territory(
        sample.territory, book, load_schemes(None), today=TODAY, progress=lambda _d, _t: None, acceptances={}
    )
    assert [issue.id for issue in found] == []


def test_every_category_has_one_lead_in_every_district_and_deeper_ones_where_the_subdistrict_has_the_power():
    leads = Counter((row.category, row.area) for row in ROWS["competences"] if row.part is Part.LEAD)
    assert set(leads.values()) == {1}
    for category in ROWS["categories"]:
        key = Key(category.scheme, category.code)
        assert {(key, "990101"), (key, "990102")} <= set(leads)
    moved_down = set(category_keys("E0201 E0202 E0203 E0501 E0503 E0504 E0507 E0510 E0511"))
    for district, listed in (("990101", "DL-990101"), ("990102", "DL-CITY")):
        items = [item for item in ROWS["duty_items"] if item.duty_list == listed and item.inside_subdistrict_power]
        deeper = {key for key, area in leads if len(area) == 9 and area.startswith(district)}
        assert deeper == moved_down.union(*(item.categories for item in items))


def test_every_category_and_component_class_is_in_each_duty_list_at_most_once():
    for listed in ROWS["duty_lists"]:
        counts = Counter(key for item in ROWS["duty_items"] if item.duty_list == listed.code for key in item.categories)
        assert set(counts.values()) == {1}
        assert {Key(c.scheme, c.code) for c in ROWS["categories"]} == set(counts)
        assert listed.expected_count == sum(item.duty_list == listed.code for item in ROWS["duty_items"])


def test_the_duty_lists_cover_six_blocks_and_say_that_they_are_invented():
    assert len({item.block for item in ROWS["duty_items"]}) == 6
    assert all("invented" in listed.title for listed in ROWS["duty_lists"])
    assert any(listed.area for listed in ROWS["duty_lists"])


def test_the_district_list_differs_in_powers():
    powers = {}
    for item in ROWS["duty_items"]:
        powers.setdefault(item.title, set()).add(item.inside_subdistrict_power)
    assert any(len(values) == 2 for values in powers.values())


def test_phone_numbers_are_of_no_one():
    numbers = [row.phone for table in ("people", "departments", "stationings", "shifts") for row in ROWS[table]]
    assert all(re.fullmatch(r"000-\d{4}-\d{4}", number) for number in numbers if number)
    assert all(person.phone for person in ROWS["people"])


def test_people_have_names_of_three_characters_that_seldom_repeat():
    names = [person.name for person in ROWS["people"]]
    assert all(re.fullmatch(r"[一-鿿]{3}", name) for name in names)
    assert len(set(names)) == len(names)


def test_chiefs_may_be_vacant_absent_or_one_for_each_side():
    posts = [post for post in ROWS["posts"] if post.role in {Role.LANE_CHIEF, Role.STREET_CHIEF}]
    held = {row.post for row in ROWS["assignments"] if row.valid_on(TODAY)}
    vacant = [post for post in posts if post.code not in held]
    assert 0.02 < len(vacant) / len(posts) < 0.2
    assert any(post.side for post in posts)
    away = {row.person for row in ROWS["absences"] if row.valid_on(TODAY)}
    assert any(row.person in away and row.stand_in for row in ROWS["assignments"])


def test_somebody_is_on_duty_for_every_duty_group_by_day():
    noon = datetime(2026, 11, 22, 4, tzinfo=UTC)
    on_duty = {row.post for row in ROWS["shifts"] if row.post and row.starts_at <= noon < row.ends_at}
    groups = {group.code for group in city().territory.groups if group.kind == "DUTY"}
    posts = {post.code: post.target_code for post in ROWS["posts"]}
    assert {posts[code] for code in on_duty} == groups


def test_one_department_was_succeeded_and_all_successors_exist():
    known = {row.code: row for row in ROWS["departments"]}
    former = [row for row in known.values() if row.successor]
    assert former
    assert all(row.valid_to <= TODAY and row.successor in known for row in former)
    assert {row.level for row in known.values()} == set(DepartmentLevel)


def test_every_cell_is_answered_with_a_chief_and_a_lead_for_any_matter():
    keys = [Key(category.scheme, category.code) for category in ROWS["categories"]]
    seen = Counter()
    for number, cell in enumerate(city().territory.cells[::5]):
        at = cell.geometry.representative_point()
        answer = resolve(edition(), duties(), locate(at.x, at.y, "WGS84"), at=NOW, category=keys[number % len(keys)])
        assert answer.cell.code == cell.code
        assert answer.chief is not None
        leads = [body for body in answer.departments if body.part == Part.LEAD]
        assert len(leads) == 1
        seen[leads[0].rule] += 1
    assert set(seen) == {"COMPETENCE", "PATCH"}


def test_what_was_decided_on_site_is_remembered():
    by_ground, by_component = ROWS["determinations"]
    place = by_ground.geometry.representative_point()
    here = locate(place.x, place.y, "WGS84")
    answer = resolve(edition(), duties(), here, at=NOW, category=by_ground.categories[0])
    assert (answer.departments[0].code, answer.departments[0].rule) == (by_ground.department, "DETERMINATION")
    cover = next(c for c in city().territory.components if c.code == by_component.component.code)
    there = locate(cover.geometry.x, cover.geometry.y, "WGS84")
    answer = resolve(edition(), duties(), there, at=NOW, component=by_component.component)
    assert (answer.departments[0].code, answer.departments[0].rule) == ("CO-DRAIN", "DETERMINATION")
