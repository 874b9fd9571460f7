"""Names and phones of people in answers: for who may see them, where they work; the reading is noted."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from api.access.allowing import Access
from gridsvc.accounts.rights import is_within
from gridsvc.errors import NoEdition, NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.people import Post, Role, TargetKind
from gridsvc.model.resolution import PersonAnswer
from gridsvc.roster.scope import Scopes
from gridsvc.roster.whereabouts import Whereabouts

Find = Callable[[PersonAnswer], Collection[str]]
"""The codes of the areas in which somebody's target lies."""


def shown_people(access: Access, people: Sequence[PersonAnswer], areas_of: Find) -> tuple[PersonAnswer, ...]:
    """People as the asker may see them. Chiefs are answered apart: their names hang on the street's sign board."""
    names = access.may(Action.READ_STAFF)
    far = access.reach(Action.READ_PHONES)
    shown = []
    for person in people:
        rings = person.phone is not None and _may_ring(access, far, person, areas_of)
        shown.append(replace(person, name=person.name if names else None, phone=person.phone if rings else None))
    access.note_reading(Action.READ_PHONES, [person.person for person in shown if person.phone is not None])
    access.note_reading(
        Action.READ_STAFF, [person.person for person in shown if person.name is not None and person.phone is None]
    )
    return tuple(shown)


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
    try:
        edition = access.services.serving.current().edition
    except (NoEdition, NotReady):
        return ()
    kind, _, code = person.target.partition(" ")
    post = Post(code="", role=Role(person.role), target_kind=TargetKind(kind), target_code=code)
    return _whereabouts(edition).of_post(post)


def _may_ring(access: Access, far: Reach, person: PersonAnswer, areas_of: Find) -> bool:
    account = access.caller.account
    if far is not Reach.SCOPE or account is None:
        return far is Reach.ALL
    if person.person == account.person or (account.area is None and account.department is None):
        return True
    areas = areas_of(person)
    departments = () if account.department is None else _departments_of(access, person, areas)
    return is_within(access.caller, far, areas=areas, departments=departments, made_by=None)


def _departments_of(access: Access, person: PersonAnswer, areas: Collection[str]) -> Collection[str]:
    """Where somebody belongs and is used, and who governs the areas."""
    try:
        snapshot = access.services.serving.current()
    except (NoEdition, NotReady):
        return ()
    staff, organisation = snapshot.duties.staff, snapshot.duties.organisation
    row = staff.people.get(person.person)
    own = () if row is None else (row.belongs_to, row.used_by)
    scopes = Scopes(staff, organisation, _whereabouts(snapshot.edition))
    return scopes.claim(frozenset(areas), *own).departments


@lru_cache(maxsize=1)
def _whereabouts(edition: CompiledEdition) -> Whereabouts:
    return Whereabouts(edition)
