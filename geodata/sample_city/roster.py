"""The roster of the invented city, by table; patches and determinations come from the map."""

from datetime import date, timedelta

from geodata.catalogues import load_categories
from geodata.sample_city.bodies import build_competences, build_departments, build_stationings
from geodata.sample_city.duties import build_duties, own_power
from geodata.sample_city.names import Names
from geodata.sample_city.people import build_staff
from geodata.sample_city.shifts import build_absences, build_shifts
from geodata.sample_city.streets import Section
from gridsvc.model.roster import Row
from gridsvc.model.territory import Level, Territory


def build_rows(territory: Territory, sections: list[Section], names: Names, today: date) -> dict[str, list[Row]]:
    """Departments, duties, competences, people, posts, shifts and absences around `today`."""
    areas = list(territory.areas)
    districts = [area for area in areas if area.level is Level.DISTRICT]
    lists, items = build_duties(districts[0])
    departments = build_departments(areas)
    staff = build_staff(names, today, areas, sections, list(territory.groups))
    return {
        "departments": [*departments],
        "stationings": [*build_stationings(areas, today - timedelta(days=900))],
        "duty_lists": [*lists],
        "duty_items": [*items],
        "categories": [*load_categories()],
        "competences": [*build_competences(areas, own_power(districts, lists, items))],
        "people": [*staff.people],
        "posts": [*staff.posts],
        "assignments": [*staff.assignments],
        "absences": [*build_absences(today, staff.assignments)],
        "shifts": [*build_shifts(today, staff.posts, staff.assignments, staff.people, departments)],
    }
