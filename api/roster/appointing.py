"""Who gives somebody a post must have them already: a post shows its bearer's number where it is, and nobody widens
their own sight by a write.
"""

from collections.abc import Sequence

from api.access.allowing import Access
from api.roster.base import Base
from api.roster.shown import is_shown
from geodata.issues import word_of
from gridsvc.errors import NotAllowed
from gridsvc.model.people import Person
from gridsvc.model.roster import RosterChange
from gridsvc.roster.appointed import list_appointed


def check_appointed(base: Base, access: Access, changes: Sequence[RosterChange]) -> None:
    """Raise NotAllowed for a change that gives a post, as holder, stand-in or by a shift, to somebody who neither
    belongs to the asker's territory nor holds a post there today. By the roster as it is: of two changes sent together
    neither makes the other right. Somebody new is held against the territory as a row of their own.
    """
    if access.covers(areas=(), departments=()):
        return
    for change in changes:
        before = base.roster.tables.get(change.table, {}).get(change.key)
        for code in list_appointed(before, change.row):
            person = base.duties.staff.people.get(code)
            if person is not None and not _is_theirs(base, access, person):
                raise _refusal(base, change, person)


def words_for_whom_to_ask(base: Base, person: Person | None) -> tuple[str, str]:
    """Whose roster clerk has somebody, beside the whole city's: as it goes before that in English, and in Chinese."""
    code = None if person is None else person.belongs_to or person.used_by
    if code is None:
        return "", ""
    department = base.duties.organisation.by_code.get(code)
    office = code if department is None else department.name
    return f"{office} or of ", f"{office}或"


def _is_theirs(base: Base, access: Access, person: Person) -> bool:
    """Of whom nothing is said of where they belong: who hides nothing from the asker."""
    scopes = base.scopes()
    claims = [scopes.of_person(person), *scopes.of_posts(person.code, base.today)]
    if any(access.covers(areas=claim.areas, departments=claim.departments) for claim in claims):
        return True
    is_nowhere = person.belongs_to is None and person.used_by is None
    return is_nowhere and is_shown(base, access, "people", person)


def _refusal(base: Base, change: RosterChange, person: Person) -> NotAllowed:
    whom, zh_whom = words_for_whom_to_ask(base, person)
    msg = (
        f"{change.table}: {person.code} neither belongs to your territory nor holds a post there today; nothing was "
        f"changed. Ask a roster clerk of {whom}the whole city."
    )
    zh = (
        f"{word_of(change.table)}：{person.code} 不属于您的辖区，今天也未在您的辖区任职，没有作任何更改。"
        f"请联系{zh_whom}全市的名册员办理。"
    )
    return NotAllowed(msg, zh=zh, table=change.table, key=change.key, person=person.code)
