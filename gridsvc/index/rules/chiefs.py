"""The one chief who answers: lane chief, street chief, the subdistrict's, the district's; and why the others do not."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, takewhile

from gridsvc.index.roster.staff import Staff
from gridsvc.index.rules.place import Place, area_of_rank
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.model.people import Person, Post, Role, Side, TargetKind
from gridsvc.model.resolution import ChiefAnswer
from gridsvc.model.territory import DISTRICT_RANK, SUBDISTRICT_RANK


def find_chief(staff: Staff, place: Place, day: date, trace: Trace) -> ChiefAnswer | None:
    """Climb until somebody answers: an absent chief's stand-in does, a vacant post is passed and told."""
    climb = _chain(staff, place, day)
    for post in climb:
        role, kind = post.role.value, post.target_kind.value
        target = place.name_target(post.target_kind, post.target_code)
        holding = staff.holding(post, day)
        if holding.holders:
            person, away = holding.holders[0].person, holding.holders[0].stand_in_for
            ids, who = (post.code, person.code), Named(person.code, person.name)
            if away is None:
                trace.add("CHIEF_HOLDER", *ids, role=role, kind=kind, target=target, person=who)
            else:
                absent = Named(away, staff.people[away].name)
                trace.add("CHIEF_STAND_IN", *ids, away, role=role, kind=kind, target=target, person=who, absent=absent)
            for other, holder in _list_others(staff, post, person, climb, day):
                also = Named(holder.code, holder.name)
                trace.add("CHIEF_ALSO", other.code, holder.code, role=role, kind=kind, target=target, person=also)
            return ChiefAnswer(role, person.code, person.name, away, f"{kind} {target.code}")
        if holding.absent:
            away_too = tuple(Named(code, staff.people[code].name) for code in holding.absent)
            trace.add("CHIEF_ABSENT", post.code, *holding.absent, role=role, kind=kind, target=target, absent=away_too)
        else:
            trace.add("CHIEF_VACANT", post.code, role=role, kind=kind, target=target)
    trace.add("CHIEF_NONE")
    return None


def _list_others(
    staff: Staff, post: Post, answering: Person, rest: Iterator[Post], day: date
) -> Iterator[tuple[Post, Person]]:
    """Whoever else holds the same duty on that day: one too many, so that nobody is passed over without a word."""
    rivals = takewhile(lambda other: (other.role, other.target_kind) == (post.role, post.target_kind), rest)
    same_side = (other for other in rivals if None in (post.side, other.side) or post.side is other.side)
    for other in chain((post,), same_side):
        for holder in staff.holding(other, day).holders:
            if holder.person.code != answering.code:
                yield other, holder.person


def posts_on_side(posts: Sequence[Post], side: Side | None) -> list[Post]:
    """Posts that count on a side of a segment: its own first, then those without a side; on the line left leads."""
    sides = (Side.LEFT, Side.RIGHT) if side is None else (side,)
    own = [post for wanted in sides for post in posts if post.side is wanted]
    return own + [post for post in posts if post.side is None]


def _chain(staff: Staff, place: Place, day: date) -> Iterator[Post]:
    """Posts in the order in which an answer climbs."""
    if (segment := place.segment) is not None:
        posts = posts_on_side(staff.list_posts(TargetKind.SEGMENT, segment.scheme, segment.code, day), place.side)
        for role in (Role.LANE_CHIEF, Role.STREET_CHIEF):
            yield from (post for post in posts if post.role is role)
    for rank, role in ((SUBDISTRICT_RANK, Role.SUBDISTRICT_CHIEF), (DISTRICT_RANK, Role.GENERAL_CHIEF)):
        if (area := area_of_rank(place.areas, rank)) is not None:
            posts = staff.list_posts(TargetKind.AREA, area.scheme, area.code, day)
            yield from (post for post in posts if post.role is role)
