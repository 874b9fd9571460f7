"""Who is on duty from two weeks before a day to three weeks after it, and who is away."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geodata.sample_city.bodies import BODIES
from gridsvc.model.departments import Department, DepartmentLevel
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, Shift

ZONE = ZoneInfo("Asia/Shanghai")
BEFORE, AFTER = timedelta(days=14), timedelta(days=21)
DAY_BEGINS, DAY_ENDS = time(7), time(20)
MOST_ROTAS = 400
AWAY_EVERY = 13


def build_shifts(
    today: date, posts: list[Post], assignments: list[Assignment], people: list[Person], bodies: list[Department]
) -> list[Shift]:
    """Grid officers by day, the two of a group in turn; duty desks of offices and stationed departments all round."""
    phones = {person.code: person.phone for person in people}
    holder = {row.post: row.person for row in assignments}
    officers = [post for post in posts if post.role is Role.GRID_OFFICER and post.code in holder][:MOST_ROTAS]
    shifts = []
    for day in _days(today):
        for post in officers:
            if (day.toordinal() + int(post.code[-1])) % 2 == 0:
                person = holder[post.code]
                begin, end = (datetime.combine(day, clock, ZONE) for clock in (DAY_BEGINS, DAY_ENDS))
                shifts.append(
                    Shift(
                        code=f"SH-{day:%Y%m%d}-{post.code}",
                        starts_at=begin,
                        ends_at=end,
                        post=post.code,
                        person=person,
                        phone=phones[person],
                    )
                )
        shifts += [_desk(day, body) for body in _desks(bodies)]
    return shifts


def build_absences(today: date, assignments: list[Assignment]) -> list[Absence]:
    """Some holders are away now, some were, some will be; no reason is kept."""
    people = sorted({row.person for row in assignments if row.valid_to is None})
    away = []
    for number, person in enumerate(people[::AWAY_EVERY]):
        begin = today + timedelta(days=(-3, -40, 10)[number % 3])
        away.append(
            Absence(code=f"AB{number + 1:05d}", person=person, valid_from=begin, valid_to=begin + timedelta(days=9))
        )
    return away


def _days(today: date) -> Iterator[date]:
    day = today - BEFORE
    while day < today + AFTER:
        yield day
        day += timedelta(days=1)


def _desks(bodies: list[Department]) -> list[Department]:
    """Subdistrict offices and the departments that are stationed for good."""
    permanent = {line["code"] for line in BODIES["line"] if line.get("station") == "PERMANENT"}
    desks = [
        body
        for body in bodies
        if body.valid_to is None
        and ((body.level is DepartmentLevel.SUBDISTRICT and body.area) or body.code.split("-")[0] in permanent)
    ]
    return desks[:MOST_ROTAS]


def _desk(day: date, body: Department) -> Shift:
    begin = datetime.combine(day, time(8), ZONE)
    return Shift(
        code=f"SH-{day:%Y%m%d}-{body.code}",
        starts_at=begin,
        ends_at=begin + timedelta(days=1),
        department=body.code,
        phone=body.phone,
    )
