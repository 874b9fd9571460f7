"""Who else is about at a place: grid officers, commissioners, stewards and others, and who of them is on duty now.

Names and phones are always filled in here; who may see them is decided where the answer leaves the service.
"""

from collections.abc import Iterable, Iterator

from gridsvc.index.roster.staff import Holding, Staff
from gridsvc.index.rules.chiefs import posts_on_side
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.model.people import Post, Role, TargetKind
from gridsvc.model.resolution import PersonAnswer
from gridsvc.model.territory import GroupKind

PLACE_ROLES = (
    Role.GRID_OFFICER,
    Role.COMMISSIONER,
    Role.STEWARD,
    Role.COLLECTOR,
    Role.LIAISON,
    Role.HANDLER,
    Role.INSPECTOR,
    Role.AUXILIARY,
    Role.COUNCIL_MEMBER,
    Role.DOORWAY_HEAD,
)
"""Roles that work on the spot, in the order of an answer; chiefs are answered apart, desks are no one's place."""

_RANK = {role: rank for rank, role in enumerate(PLACE_ROLES)}


def list_people(staff: Staff, place: Place, matter: Matter, trace: Trace) -> tuple[PersonAnswer, ...]:
    """People with a post on the segment, the cell, its groups or its areas: by role, the nearer target first."""
    answers: dict[tuple[str, str, str], PersonAnswer] = {}
    for post in sorted(_posts_of_place(staff, place, matter), key=lambda post: _RANK[post.role]):
        holding = staff.holding(post, matter.day)
        _tell_absent(holding, place, post, trace)
        for answer in _people_of_post(staff, post, holding, matter):
            answers.setdefault((answer.role, answer.person, answer.target), answer)
    return tuple(answers.values())


def sort_people(people: Iterable[PersonAnswer]) -> tuple[PersonAnswer, ...]:
    """People of several places in the order of an answer."""
    return tuple(sorted(people, key=lambda person: _RANK[Role(person.role)]))


def _posts_of_place(staff: Staff, place: Place, matter: Matter) -> Iterator[Post]:
    """Posts from the nearest target to the widest. Grid officers count through DUTY groups only."""
    day = matter.day
    posts: list[Post] = []
    if (segment := place.segment) is not None:
        posts = posts_on_side(staff.list_posts(TargetKind.SEGMENT, segment.scheme, segment.code, day), place.side)
    if place.cell is not None:
        posts += staff.list_posts(TargetKind.CELL, place.cell.scheme, place.cell.code, day)
    for group in place.groups:
        own = staff.list_posts(TargetKind.GROUP, group.scheme, group.code, day)
        posts += [post for post in own if group.kind is GroupKind.DUTY or post.role is not Role.GRID_OFFICER]
    for area in reversed(place.areas):
        posts += staff.list_posts(TargetKind.AREA, area.scheme, area.code, day)
    return (post for post in posts if post.role in _RANK)


def _tell_absent(holding: Holding, place: Place, post: Post, trace: Trace) -> None:
    """Who is away, by code alone: their names are not for every reader of a trace."""
    if not holding.absent and all(holder.stand_in_for is None for holder in holding.holders):
        return
    role, kind = post.role.value, post.target_kind.value
    target = place.name_target(post.target_kind, post.target_code)
    for holder in holding.holders:
        if (away := holder.stand_in_for) is not None:
            person = holder.person.code
            ids = (post.code, person, away)
            trace.add("PERSON_STAND_IN", *ids, role=role, kind=kind, target=target, person=person, absent=away)
    for away in holding.absent:
        trace.add("PERSON_ABSENT", post.code, away, role=role, kind=kind, target=target, absent=away)


def _people_of_post(staff: Staff, post: Post, holding: Holding, matter: Matter) -> Iterator[PersonAnswer]:
    """Holders or their stand-ins, then whoever the shift of the hour names beside them."""
    people = [holder.person for holder in holding.holders]
    running = staff.shifts_now(post.code, matter.at)
    for shift in running:
        named = staff.find_person(shift.person, matter.day)
        if named is not None and named not in people and not staff.is_absent(named.code, matter.day):
            people.append(named)
    target = f"{post.target_kind.value} {post.target_code}"
    for person in people:
        on_duty, rings = staff.on_duty(post.code, person.code, matter.at, running)
        yield PersonAnswer(post.role.value, person.code, person.name, rings or person.phone, target, on_duty)
