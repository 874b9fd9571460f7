"""The demo's accounts: one for each role, with a scope out of the city that is there. Nobody can sign in to them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from gridsvc.accounts.manage import Doer, add_account
from gridsvc.model.accounts import Account, AccountRole
from gridsvc.model.departments import Axis, Competence, Department, Part
from gridsvc.model.people import Assignment, Person, Post, Role
from gridsvc.model.roster import Roster
from gridsvc.model.territory import SUBDISTRICT_RANK, Area, Layer
from gridsvc.ports import Store

PREFIX = "demo-"
_NAMES = {
    AccountRole.ADMIN: "管理员 Admin",
    AccountRole.PLANNER: "规划员 Planner",
    AccountRole.ROSTER_CLERK: "名册员 Roster clerk",
    AccountRole.ACCEPTOR: "受理员 Acceptor",
    AccountRole.DISPATCHER: "派遣员 Dispatcher",
    AccountRole.DUTY_CHIEF: "值班长 Duty chief",
    AccountRole.INSPECTOR: "督查员 Inspector",
    AccountRole.HANDLER: "处置人员 Handler",
    AccountRole.LANE_CHIEF: "巷长 Lane chief",
    AccountRole.GRID_OFFICER: "网格员 Grid officer",
    AccountRole.COLLECTOR: "采集员 Collector",
    AccountRole.STEWARD: "小巷管家 Steward",
    AccountRole.DEVICE: "设备 Device",
}
_PEOPLE = (AccountRole.LANE_CHIEF, AccountRole.GRID_OFFICER, AccountRole.COLLECTOR, AccountRole.STEWARD)
"""Roles whose demo account is somebody of the roster who holds such a post."""


def add_demo_accounts(store: Store, doer: Doer, today: date) -> list[Account]:
    """Make them in a store that has none of them yet and has an edition; nothing to do otherwise."""
    number = store.state().edition
    if number == 0 or any(account.login.startswith(PREFIX) for account in store.list_accounts()):
        return []
    areas = [area for area in store.iter_features(number, Layer.AREAS) if isinstance(area, Area)]
    accounts = list(list_demo_accounts(areas, store.load_roster(), today))
    return [add_account(store, account, None, doer) for account in accounts]


def list_demo_accounts(areas: Iterable[Area], roster: Roster, today: date) -> Iterator[Account]:
    """A subdistrict for the dispatcher, a department for the handler, people for chief, officer and steward."""
    subdistrict = next((area for area in areas if area.level.rank == SUBDISTRICT_RANK), None)
    code = None if subdistrict is None else subdistrict.code
    for role, name in _NAMES.items():
        login = PREFIX + role.value.lower().replace("_", "-")
        if role in _PEOPLE:
            person = _holder(roster, Role(role.value), code, today)
            called = name if person is None else f"{name} · {person.name}"
            whose = None if person is None else person.code
            yield Account(login=login, name=called, role=role, area=code, person=whose)
        elif role is AccountRole.DISPATCHER and subdistrict is not None:
            yield Account(login=login, name=f"{name} · {subdistrict.name}", role=role, area=code)
        elif role is AccountRole.HANDLER:
            department = _leading(roster, today)
            called = name if department is None else f"{name} · {department.name}"
            whose = None if department is None else department.code
            yield Account(login=login, name=called, role=role, department=whose)
        else:
            yield Account(login=login, name=name, role=role)


def _holder(roster: Roster, role: Role, area: str | None, today: date) -> Person | None:
    """Who holds a post of the role today: in the area if possible, else anywhere."""
    posts, people = roster.tables.get("posts", {}), roster.tables.get("people", {})
    found: list[Person] = []
    for row in roster.tables.get("assignments", {}).values():
        if not isinstance(row, Assignment) or not row.valid_on(today):
            continue
        post, person = posts.get(row.post), people.get(row.person)
        if isinstance(post, Post) and post.role is role and isinstance(person, Person):
            found.append(person)
    within = [person for person in found if area is not None and _area_of(roster, person) == area]
    return next(iter(within or found), None)


def _area_of(roster: Roster, person: Person) -> str | None:
    """The area that the office governs where somebody belongs, also as one of its units."""
    departments = roster.tables.get("departments", {})
    code, climbed = person.belongs_to, 0
    while code is not None and climbed < len(departments):
        row = departments.get(code)
        if not isinstance(row, Department):
            return None
        if row.area is not None:
            return row.area
        code, climbed = row.parent, climbed + 1
    return None


def _leading(roster: Roster, today: date) -> Department | None:
    """The department of a line that leads in most things: it will have cases to handle."""
    leads = Counter(
        row.department
        for row in roster.tables.get("competences", {}).values()
        if isinstance(row, Competence) and row.part is Part.LEAD and row.valid_on(today)
    )
    lines = [
        row
        for _, row in sorted(roster.tables.get("departments", {}).items())
        if isinstance(row, Department) and row.axis is Axis.LINE and row.valid_on(today)
    ]
    return max(lines, key=lambda row: leads[row.code], default=None)
