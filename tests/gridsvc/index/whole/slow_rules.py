"""Who answers, the slow and obvious way: plain loops over the rows of a roster."""

from dataclasses import dataclass
from datetime import date, datetime

from gridsvc.index.rules.people import PLACE_ROLES
from gridsvc.model.departments import Axis, CategoryKind, Department
from gridsvc.model.people import TargetKind
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster
from tests.gridsvc.index.whole.slow_ground import covers

ORDER_OF_LEADING = {
    "DAMAGE": ("maintainer", "owner", "competent"),
    "OWNER_ACTION": ("owner", "maintainer", "competent"),
    "OVERSIGHT": ("competent", "maintainer", "owner"),
}


@dataclass
class Spot:
    """What is known of a place before anybody is asked."""

    lon: float
    lat: float
    cell: object
    areas: list
    groups: list
    segment: object = None
    side: str | None = None
    component: object = None


class SlowRoster:
    """All rules on one instant."""

    def __init__(self, roster: Roster, at: datetime, day: date) -> None:
        self.tables = {table: [rows[key] for key in sorted(rows)] for table, rows in roster.tables.items()}
        self.at, self.day = at, day
        self.category = None

    def rows(self, table: str, **wanted):
        return [
            row
            for row in self.tables.get(table, ())
            if row.valid_on(self.day) and all(getattr(row, name) == value for name, value in wanted.items())
        ]

    # people

    def posts(self, spot: Spot, kind: TargetKind, thing) -> list:
        found = self.rows("posts", target_kind=kind, target_code=thing.code)
        found = [post for post in found if post.target_scheme in (None, thing.scheme)]
        if kind is TargetKind.SEGMENT:
            sides = ["LEFT", "RIGHT", None] if spot.side is None else [spot.side, None]
            found = [post for side in sides for post in found if post.side == side]
        return found

    def person(self, code):
        return next(iter(self.rows("people", code=code)), None)

    def holders(self, post) -> list[tuple]:
        """(person or None, absent holder or None) of each assignment."""
        found = []
        for assignment in self.rows("assignments", post=post.code):
            holder, stand_in = self.person(assignment.person), self.person(assignment.stand_in)
            if holder is None:
                continue
            if not self.rows("absences", person=holder.code):
                found.append((holder, None))
            elif stand_in is None or self.rows("absences", person=stand_in.code):
                found.append((None, holder.code))
            else:
                found.append((stand_in, holder.code))
        return found

    def chief(self, spot: Spot):
        steps = [(TargetKind.SEGMENT, spot.segment, role) for role in ("LANE_CHIEF", "STREET_CHIEF") if spot.segment]
        for rank, role in ((2, "SUBDISTRICT_CHIEF"), (1, "GENERAL_CHIEF")):
            steps += [(TargetKind.AREA, area, role) for area in spot.areas if area.level.rank == rank]
        for kind, thing, role in steps:
            for post in self.posts(spot, kind, thing):
                if post.role == role:
                    for person, absent in self.holders(post):
                        if person is not None:
                            return (role, person.code, person.name, absent, f"{kind.value} {thing.code}")
        return None

    def people(self, spot: Spot) -> list[tuple]:
        places = [(TargetKind.SEGMENT, spot.segment)] if spot.segment else []
        places += [(TargetKind.CELL, spot.cell)] if spot.cell else []
        places += [(TargetKind.GROUP, g) for g in sorted(spot.groups, key=lambda g: (g.kind, g.scheme, g.code))]
        places += [(TargetKind.AREA, area) for area in reversed(spot.areas)]
        found: dict[tuple, tuple] = {}
        for role in PLACE_ROLES:
            for kind, thing in places:
                if role == "GRID_OFFICER" and kind is TargetKind.GROUP and thing.kind != "DUTY":
                    continue
                for post in self.posts(spot, kind, thing):
                    if post.role == role:
                        for person in self.at_post(post):
                            target = f"{kind.value} {thing.code}"
                            phone, on_duty = self.duty(post, person)
                            answer = (role.value, person.code, person.name, phone, target, on_duty)
                            found.setdefault((role, person.code, target), answer)
        return list(found.values())

    def shifts(self):
        return sorted(self.tables.get("shifts", ()), key=lambda shift: (shift.starts_at, shift.code))

    def runs(self, shift) -> bool:
        return shift.starts_at <= self.at < shift.ends_at

    def at_post(self, post) -> list:
        found = [person for person, _ in self.holders(post) if person is not None]
        for shift in self.shifts():
            person = self.person(shift.person) if shift.post == post.code and self.runs(shift) else None
            if person is not None and person not in found and not self.rows("absences", person=person.code):
                found.append(person)
        return found

    def duty(self, post, person) -> tuple:
        of_post = [s for s in self.shifts() if s.post == post.code]
        of_person = [s for s in self.shifts() if s.person == person.code]
        now = [s for s in of_post if s.person in (None, person.code) and self.runs(s)]
        now += [s for s in of_person if s.post is None and self.runs(s)]
        rings = next((s.phone for s in now if s.phone), person.phone)
        return rings, True if now else (False if of_post or of_person else None)

    # departments

    def acting(self, code):
        """The department that acts under a code on the day, or None."""
        seen = set()
        while code not in seen:
            seen.add(code)
            row = next((d for d in self.tables["departments"] if d.code == code), None)
            if row is None or row.valid_on(self.day):
                return row
            if row.valid_to is None or row.valid_to > self.day:
                return None
            code = row.successor
        return None

    def block(self, wanted) -> Department | None:
        rows = [d for d in self.tables["departments"] if d.axis is Axis.BLOCK and wanted(d)]
        rows.sort(key=lambda d: (d.parent is not None, d.code))
        found = [d for d in rows if d.valid_on(self.day)] + [a for d in rows if (a := self.acting(d.code)) is not None]
        return next(iter(found), None)

    def office(self, area) -> tuple[str, str]:
        block = self.block(lambda d: d.area == area.code)
        return (area.code, area.name) if block is None else (block.code, block.name)

    def _concerning(self, rows):
        key = None if self.category is None else Key(self.category.scheme, self.category.code)
        return [row for row in rows if not row.categories or key in row.categories]

    def decisions(self) -> list:
        """The latest decision of one that has a day comes first; those without a day come last, by code."""
        rows = self._concerning(self.rows("determinations"))
        dated = sorted((row for row in rows if row.decided_on), key=lambda row: row.code, reverse=True)
        dated = sorted(dated, key=lambda row: row.decided_on, reverse=True)
        return dated + [row for row in rows if row.decided_on is None]

    def determined(self, spot: Spot) -> list:
        rows = self.decisions()
        return [row for row in rows if row.geometry is not None and covers(row.geometry, spot.lon, spot.lat) >= 0]

    def territorial(self, spot: Spot):
        """(code, name, row) whoever answers for the ground."""
        if spot.cell is not None and spot.cell.responsible_body and (body := self.acting(spot.cell.responsible_body)):
            return body.code, body.name, "RESPONSIBLE_BODY" if self.category else "TERRITORIAL", spot.cell.code
        for rank in (2, 1):
            for area in spot.areas:
                if area.level.rank == rank:
                    return *self.office(area), "TERRITORIAL", area.code
        city = self.block(lambda d: d.level == "CITY")
        found = ("CITY", "全市 City") if city is None else (city.code, city.name)
        return *found, "TERRITORIAL", found[0]

    def named(self, spot: Spot) -> list[tuple]:
        """(rule, row, part, code, mark) of the rules before the ground; by `mark` a component's lead leads."""
        found = []
        if spot.component is not None:
            key = (spot.component.scheme, spot.component.code)
            found += [row for row in self.decisions() if row.component == key]
        found += self.determined(spot)
        named: list[tuple] = [("DETERMINATION", row.code, "LEAD", row.department, None) for row in found]
        if self.category is None:
            return named
        if spot.component is not None:
            order = ORDER_OF_LEADING[self.category.concern]
            known = [(part.upper(), code) for part in order if (code := getattr(spot.component, part))]
            named += [("COMPONENT", spot.component.code, "LEAD", code, part) for part, code in known]
            named += [("COMPONENT", spot.component.code, part, code, None) for part, code in known]
        patches = [p for p in self._concerning(self.rows("patches")) if covers(p.geometry, spot.lon, spot.lat) >= 0]
        named += [("PATCH", row.code, row.part.value, row.department, None) for row in patches]
        taken: set[str] = set()
        for area in reversed(spot.areas):
            rows = self.rows("competences", area=area.code, category=Key(self.category.scheme, self.category.code))
            kept = [row for row in rows if row.part in ("LEAD", "ASSIST") or row.part not in taken]
            named += [("COMPETENCE", row.code, row.part.value, row.department, None) for row in kept]
            taken |= {row.part for row in rows}
        return named

    def departments(self, spot: Spot) -> tuple[list[tuple], bool]:
        """Answers, the lead first, and whether the place's own office leads or a unit of it."""
        named = [(*row[:3], self.acting(row[3]), row[4]) for row in self.named(spot)]
        lead = next(((rule, row, d, mark) for rule, row, part, d, mark in named if part == "LEAD" and d), None)
        if lead is None:
            code, name, rule, row = self.territorial(spot)
            office = next((d for d in self.tables["departments"] if d.code == code), None)
            mark, last = None, "TERRITORIAL"
        else:
            rule, row, office, mark = lead
            code, name, last = office.code, office.name, rule
        order = ["DETERMINATION", "COMPONENT", "PATCH", "COMPETENCE", "TERRITORIAL"]
        unit = self.unit(spot, code, office, rule)
        lead_code, lead_name = (unit.code, unit.name) if unit is not None else (code, name)
        answers = {None: (lead_code, lead_name, "LEAD", rule, row)}
        for other_rule, other_row, part, department, _ in named:
            if department is None or part == "LEAD" or order.index(other_rule) > order.index(last):
                continue
            if (last == "COMPONENT" == other_rule and part == mark) or (
                part == "ASSIST" and department.code in (code, lead_code)
            ):
                continue
            answer = (department.code, department.name, part, other_rule, other_row)
            answers.setdefault((department.code, part), answer)
        heads = (code, office.parent if office else None)
        own = any(self.office(area)[0] in heads for area in spot.areas if area.level.rank == 2)
        return list(answers.values()), own

    def unit(self, spot: Spot, code: str, office, rule: str):
        """The inner unit that acts for a subdistrict's office by the duty list."""
        item = self.duty_item(spot)
        subdistrict = next((area.code for area in spot.areas if area.level.rank == 2), None)
        if office is None:
            governs = code == subdistrict
        else:
            heads = office.area is not None and (office.area == subdistrict or office.level == "SUBDISTRICT")
            governs = office.axis is Axis.BLOCK and heads
        if item is None or rule == "DETERMINATION" or not governs:
            return None
        units = [d for d in self.tables["departments"] if d.parent == code and item.block in d.duty_blocks]
        live = [d for d in units if d.valid_on(self.day)] + [a for d in units if (a := self.acting(d.code)) is not None]
        return next(iter(live), None)

    def duty_item(self, spot: Spot):
        if self.category is None:
            return None
        for area in (*(a.code for a in reversed(spot.areas)), None):
            for duty_list in self.rows("duty_lists", area=area):
                items = self.rows("duty_items", duty_list=duty_list.code)
                return next((i for i in items if (self.category.scheme, self.category.code) in i.categories), None)
        return None

    def next_step(self, spot: Spot, across: set[str], lead_rule: str, own: bool) -> str | None:
        if self.category is None:
            return None
        if across and lead_rule != "DETERMINATION":
            return "SUGGEST_JOINT_WHISTLE"
        if lead_rule == "DETERMINATION" and not own:
            return "SUGGEST_WHISTLE"
        item = self.duty_item(spot)
        inside = own if item is None else item.inside_subdistrict_power
        return "DISPATCH" if inside else "SUGGEST_WHISTLE"

    def is_about_component(self) -> bool:
        return self.category is not None and self.category.kind is CategoryKind.COMPONENT
