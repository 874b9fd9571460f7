"""Who is concerned by a shape, as the asker may see it: what everybody answers for in words, and whom one may ring."""

from dataclasses import asdict, dataclass, fields

from api.access.allowing import Access
from api.access.personal import find_areas, shown_people
from gridsvc.errors import NoEdition, NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.people import Post, Role, TargetKind
from gridsvc.model.resolution import ChiefAnswer, PersonAnswer, ShapeResolution
from gridsvc.roster.whereabouts import Whereabouts, whereabouts_of
from gridsvc.serving.service import Snapshot


@dataclass(frozen=True, slots=True)
class ConcernedChief(ChiefAnswer):
    """A chief of a shape; the phone only for who may ring them, the name of the target where the map has one."""

    phone: str | None
    target_name: str | None


@dataclass(frozen=True, slots=True)
class ConcernedPerson(PersonAnswer):
    """Somebody of a shape, with the name of the target where the map has one."""

    target_name: str | None


@dataclass(frozen=True, slots=True)
class ShownShape(ShapeResolution):
    """A shape's answer as it leaves the service."""

    chiefs: tuple[ConcernedChief, ...]
    people: tuple[ConcernedPerson, ...]


def shown_shape(answer: ShapeResolution, access: Access, snapshot: Snapshot) -> ShownShape:
    """Chiefs' names hang on the street's sign board; the rest is for who may see it. A shape may reach beyond the
    asker's territory, so each target is looked up.
    """
    where, staff = _whereabouts(access, snapshot.edition), snapshot.duties.staff
    numbers = {chief.person: person.phone for chief in answer.chiefs if (person := staff.people.get(chief.person))}
    rung = [
        PersonAnswer(chief.role, chief.person, None, numbers.get(chief.person), chief.target, None)
        for chief in answer.chiefs
    ]
    shown = shown_people(access, (*rung, *answer.people), lambda person: find_areas(access, person), answer.at)
    chiefs = tuple(
        ConcernedChief(**asdict(chief), phone=seen.phone, target_name=_name(where, chief))
        for chief, seen in zip(answer.chiefs, shown, strict=False)
    )
    people = tuple(
        ConcernedPerson(**asdict(person), target_name=_name(where, person)) for person in shown[len(chiefs) :]
    )
    rest = {field.name: getattr(answer, field.name) for field in fields(answer)}
    return ShownShape(**rest | {"chiefs": chiefs, "people": people})


def _whereabouts(access: Access, edition: CompiledEdition) -> Whereabouts:
    """Those of today's edition are kept; a question about another day does not take their place."""
    try:
        is_current = access.services.serving.current().edition is edition
    except (NoEdition, NotReady):
        is_current = False
    return whereabouts_of(edition) if is_current else Whereabouts(edition)


def _name(where: Whereabouts, answer: ChiefAnswer | PersonAnswer) -> str | None:
    kind, _, code = answer.target.partition(" ")
    return where.name_of(Post(code="", role=Role(answer.role), target_kind=TargetKind(kind), target_code=code))
