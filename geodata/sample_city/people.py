"""Invented people and the posts they hold: chiefs of streets and areas, grid officers, commissioners, stewards."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from geodata.sample_city.bodies import CITY_GOVERNMENT, office, phone
from geodata.sample_city.names import Names
from geodata.sample_city.streets import SCHEME as STREET_SCHEME
from geodata.sample_city.streets import Section
from gridsvc.model.people import Assignment, Person, Post, Role, Side, TargetKind
from gridsvc.model.territory import Area, Group, GroupKind, Level, SegmentKind

Thing = TypeVar("Thing")

MOST_SECTIONS, MOST_GROUPS = 6_000, 2_000
SECTIONS_PER_CHIEF = 3
VACANT_EVERY, FORMER_EVERY, ENDED_EVERY = 23, 7, 31


@dataclass
class Staff:
    """Rows as they come; persons, posts and assignments are numbered in the order in which they are made."""

    names: Names
    today: date
    people: list[Person] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    def person(self, belongs_to: str | None, used_by: str | None = None) -> str:
        """A new person; the code."""
        number = len(self.people) + 1
        code = f"P{number:06d}"
        name = self.names.person(number)
        self.people.append(Person(code=code, name=name, phone=phone(number), belongs_to=belongs_to, used_by=used_by))
        return code

    def post(self, role: Role, kind: TargetKind, target: str, suffix: str = "", side: Side | None = None) -> str:
        """A new post; the code."""
        code = f"{role.value.replace('_', '-')}:{target}{suffix}"
        scheme = STREET_SCHEME if kind is TargetKind.SEGMENT else None
        self.posts.append(
            Post(code=code, role=role, target_kind=kind, target_code=target, target_scheme=scheme, side=side)
        )
        return code

    def assign(self, post: str, person: str, stand_in: str | None = None, **validity: date | None) -> None:
        """A person holds a post."""
        code = f"A{len(self.assignments) + 1:06d}"
        self.assignments.append(Assignment(code=code, post=post, person=person, stand_in=stand_in, **validity))


def build_staff(names: Names, today: date, areas: list[Area], sections: list[Section], groups: list[Group]) -> Staff:
    """Everybody. In a very large city only some streets and groups are staffed, the others fall to those above."""
    staff = Staff(names, today)
    subdistricts = [area.code for area in areas if area.level is Level.SUBDISTRICT]
    _area_chiefs(staff, areas)
    _street_chiefs(staff, _some(sections, MOST_SECTIONS), subdistricts)
    _community_people(staff, _some([a for a in areas if a.level is Level.COMMUNITY], MOST_GROUPS))
    for group in _some([g for g in groups if g.kind is GroupKind.DUTY], MOST_GROUPS):
        _grid_officers(staff, group)
    return staff


def _some(things: list[Thing], most: int) -> list[Thing]:
    return things[:: -(-len(things) // most) or 1]


def _area_chiefs(staff: Staff, areas: list[Area]) -> None:
    """总街巷长 of each district, 街道街巷长 of each subdistrict; deputies stand in."""
    for area in areas:
        if area.level is Level.COMMUNITY:
            continue
        body = f"DG-{area.code}" if area.level is Level.DISTRICT else office(area.code)
        role = Role.GENERAL_CHIEF if area.level is Level.DISTRICT else Role.SUBDISTRICT_CHIEF
        post = staff.post(role, TargetKind.AREA, area.code)
        staff.assign(post, staff.person(body), staff.person(body), valid_from=staff.today - timedelta(days=800))
    staff.person(CITY_GOVERNMENT)


def _street_chiefs(staff: Staff, sections: list[Section], subdistricts: list[str]) -> None:
    """Street chiefs, lane chiefs and stewards; one chief holds a few sections of one subdistrict."""
    holders: dict[tuple[str, Role], tuple[str, str, int]] = {}
    for section in sections:
        code, kind = section.segment.code, section.segment.kind
        role = Role.STREET_CHIEF if kind is SegmentKind.STREET else Role.LANE_CHIEF
        sides = ((Side.LEFT, section.left), (Side.RIGHT, section.right)) if section.has_sides else ((None, -1),)
        for side, number in sides:
            owner = (
                section.segment.subdistrict or subdistricts[max(number, section.left, 0) if side is None else number]
            )
            person, stand_in = _chief(staff, holders, owner, role)
            post = staff.post(role, TargetKind.SEGMENT, code, f"-{side[0]}" if side else "", side)
            _hold(staff, post, person, stand_in, owner)
        if kind is not SegmentKind.STREET:
            steward = staff.post(Role.STEWARD, TargetKind.SEGMENT, code)
            for _ in range(1 + (len(staff.posts) % 3 == 0)):
                staff.assign(steward, staff.person(None), valid_from=staff.today - timedelta(days=200))


def _chief(
    staff: Staff, holders: dict[tuple[str, Role], tuple[str, str, int]], owner: str, role: Role
) -> tuple[str, str]:
    person, stand_in, held = holders.get((owner, role), ("", "", SECTIONS_PER_CHIEF))
    if held >= SECTIONS_PER_CHIEF:
        person, stand_in, held = staff.person(office(owner)), stand_in or staff.person(office(owner)), 0
    holders[owner, role] = (person, stand_in, held + 1)
    return person, stand_in


def _hold(staff: Staff, post: str, person: str, stand_in: str, owner: str) -> None:
    """Most posts are held; some are vacant, some since last month, some had another holder before."""
    number = len(staff.posts)
    today = staff.today
    if number % VACANT_EVERY == 0:
        return
    since = today - timedelta(days=120 + number % 600)
    if number % ENDED_EVERY == 0:
        staff.assign(post, person, stand_in, valid_from=since, valid_to=today - timedelta(days=30))
        return
    if number % FORMER_EVERY == 0:
        former = staff.person(office(owner))
        staff.assign(post, former, valid_from=since - timedelta(days=365), valid_to=since)
    staff.assign(post, person, stand_in if number % 4 else None, valid_from=since)


def _community_people(staff: Staff, communities: list[Area]) -> None:
    """A commissioner 社区专员 looks after two communities of a subdistrict."""
    person, last = "", ""
    for number, area in enumerate(communities):
        if number % 2 == 0 or area.parent != last:
            person = staff.person(office(area.code[:9]))
        last = area.parent or ""
        staff.assign(staff.post(Role.COMMISSIONER, TargetKind.AREA, area.code), person)


def _grid_officers(staff: Staff, group: Group) -> None:
    """Two posts per duty group, which work on alternate days; every fourth second officer is lent by the district."""
    subdistrict = group.cells[0].code[:9]
    for number in (1, 2):
        lent = number == 2 and len(staff.posts) % 4 == 0
        belongs_to = f"UM-{subdistrict[:6]}" if lent else office(subdistrict)
        post = staff.post(Role.GRID_OFFICER, TargetKind.GROUP, group.code, f"-{number}")
        staff.assign(post, staff.person(belongs_to, office(subdistrict)), valid_from=staff.today - timedelta(days=300))
