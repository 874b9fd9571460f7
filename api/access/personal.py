"""Names and phones of people in answers: for who may see them, where they work; the reading is noted."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from api.access.allowing import Access
from gridsvc.accounts.rights import Place, is_within, rights
from gridsvc.errors import NoEdition, NotReady
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.people import Post, Role, TargetKind
from gridsvc.model.resolution import PersonAnswer
from gridsvc.roster.scope import Claim, Scopes
from gridsvc.roster.whereabouts import whereabouts_of

Find = Callable[[PersonAnswer], Collection[str]]
"""The codes of the areas in which somebody's target lies."""


def shown_people(access: Access, people: Sequence[PersonAnswer], areas_of: Find, at: str) -> tuple[PersonAnswer, ...]:
    """People of an answer about an instant as the asker may see them. Chiefs are answered apart: their names hang on
    the street's sign board. Who comes to a place on a later day is not rung by who has it yet.
    """
    names, far = access.may(Action.READ_STAFF), access.reach(Action.READ_PHONES)
    if far is Reach.SCOPE and _is_coming(access, at):
        areas_of = _nowhere
    shown = []
    for person in people:
        rings = person.phone is not None and _may_ring(access, far, person, areas_of)
        phone = person.phone if rings else None
        if names and phone == person.phone:
            shown.append(person)
        else:
            shown.append(replace(person, name=person.name if names else None, phone=phone))
    note_shown(access, shown)
    return tuple(shown)


def note_shown(access: Access, shown: Sequence[PersonAnswer]) -> None:
    """Have it noted who was read of: `shown` is what the asker sees."""
    if access.caller.account is None:
        return
    access.note_reading(Action.READ_PHONES, [person.person for person in shown if person.phone is not None])
    access.note_reading(
        Action.READ_STAFF, [person.person for person in shown if person.name is not None and person.phone is None]
    )


def areas_of_target(person: PersonAnswer, above: Sequence[str]) -> Collection[str]:
    """In an answer about one place, whose areas (widest first) are `above`: all of them, but for whoever has a wider
    area than the deepest one.
    """
    kind, _, code = person.target.partition(" ")
    if kind != TargetKind.AREA:
        return above
    return above[: above.index(code) + 1] if code in above else ()


def find_areas(access: Access, person: PersonAnswer) -> Collection[str]:
    """By the city of today; nowhere before there is one."""
    scopes = _scopes(access)
    if scopes is None:
        return ()
    kind, _, code = person.target.partition(" ")
    post = Post(code="", role=Role(person.role), target_kind=TargetKind(kind), target_code=code)
    return scopes.whereabouts.of_post(post)


def may_ring(
    access: Access, far: Reach, scopes: Scopes, person: str | None, day: date, claims: Iterable[Claim] = ()
) -> bool:
    """Whether a number that rings somebody is for the asker: by `claims`, what else is said of where it rings, and by
    where the table of rights has people lie. One's own is always.
    """
    account = access.caller.account
    if far is not Reach.SCOPE or account is None:
        return far is Reach.ALL
    if (account.area is None and account.department is None) or (person is not None and person == account.person):
        return True
    return any(
        is_within(access.caller, far, areas=claim.areas, departments=claim.departments, made_by=None)
        for claim in chain(claims, _lies(scopes, person, day))
    )


def _lies(scopes: Scopes, person: str | None, day: date) -> Iterator[Claim]:
    if person is None:
        return
    lies = rights()[Action.READ_PHONES].lies
    if Place.DEPARTMENT in lies:
        yield scopes.of_person(scopes.staff.people.get(person))
    if Place.POST in lies:
        yield from scopes.of_posts(person, day)


def _may_ring(access: Access, far: Reach, person: PersonAnswer, areas_of: Find) -> bool:
    """By the place of the answer first: whoever rings is told where the matter is."""
    scopes = _scopes(access) if far is Reach.SCOPE else None
    if scopes is None:
        return far is Reach.ALL
    here = scopes.claim(frozenset(areas_of(person)))
    return may_ring(access, far, scopes, person.person, access.services.settings.now().date(), [here])


def _is_coming(access: Access, at: str) -> bool:
    now = access.services.settings.now()
    return datetime.fromisoformat(at).astimezone(now.tzinfo).date() > now.date()


def _nowhere(person: PersonAnswer) -> Collection[str]:  # noqa: ARG001  asked as the others are
    return ()


def _scopes(access: Access) -> Scopes | None:
    """Of the city of today; None before there is one."""
    try:
        snapshot = access.services.serving.current()
    except (NoEdition, NotReady):
        return None
    return Scopes(snapshot.duties.staff, snapshot.duties.organisation, whereabouts_of(snapshot.edition))
