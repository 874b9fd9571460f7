"""Who holds which post on a day, who stands in, and who is on duty at an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gridsvc.index.roster.rota import Rota, rota_of
from gridsvc.index.roster.rows import grouped, rows_of
from gridsvc.model.people import Absence, Assignment, Person, Post, Shift, TargetKind
from gridsvc.model.roster import Roster

_NO_SHIFTS = Rota()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a post; `stand_in_for` is the code of the absent holder, else None."""

    person: Person
    stand_in_for: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """Everybody who answers for a post on a day. Nobody, and nobody absent: the post is vacant."""

    holders: tuple[Holder, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """Posts, their holders and shifts, looked up by what is asked. Tuples are in order of code."""

    people: Mapping[str, Person]
    posts: Mapping[str, Post]
    posts_on: Mapping[tuple[TargetKind, str], tuple[Post, ...]]
    assignments_to: Mapping[str, tuple[Assignment, ...]]
    assignments_of: Mapping[str, tuple[Assignment, ...]]
    standing_in: Mapping[str, tuple[Assignment, ...]]
    absences_of: Mapping[str, tuple[Absence, ...]]
    shifts_of_post: Mapping[str, Rota]
    shifts_of_person: Mapping[str, Rota]

    def list_posts(self, kind: TargetKind, scheme: str | None, code: str, day: date) -> list[Post]:
        """Posts on a target that exist on the day; a post without a scheme means the code alone."""
        return [
            post
            for post in self.posts_on.get((kind, code), ())
            if post.target_scheme in (None, scheme) and post.valid_on(day)
        ]

    def holding(self, post: Post, day: date) -> Holding:
        """Who answers for the post; a stand-in only while the holder is absent, and never one who is absent too."""
        holders: list[Holder] = []
        absent: list[str] = []
        for assignment in self.assignments_to.get(post.code, ()):
            if not assignment.valid_on(day) or (person := self.find_person(assignment.person, day)) is None:
                continue
            if not self.is_absent(person.code, day):
                holders.append(Holder(person, None))
                continue
            stand_in = self.find_person(assignment.stand_in, day)
            if stand_in is None or self.is_absent(stand_in.code, day):
                absent.append(person.code)
            else:
                holders.append(Holder(stand_in, person.code))
        return Holding(tuple(holders), tuple(absent))

    def find_person(self, code: str | None, day: date) -> Person | None:
        """The person, if in service on the day."""
        person = self.people.get(code) if code is not None else None
        return person if person is not None and person.valid_on(day) else None

    def is_absent(self, person: str, day: date) -> bool:
        """Whether the person is away on the day."""
        return any(absence.valid_on(day) for absence in self.absences_of.get(person, ()))

    def list_posts_of(self, person: str, day: date) -> list[Post]:
        """The posts that a person holds on the day, absent or not."""
        held = (self.posts.get(a.post) for a in self.assignments_of.get(person, ()) if a.valid_on(day))
        return [post for post in held if post is not None and post.valid_on(day)]

    def shifts_now(self, post: str, at: datetime) -> list[Shift]:
        """Shifts of a post that run at the instant (half-open)."""
        return self.shifts_of_post.get(post, _NO_SHIFTS).at(at)

    def on_duty(self, post: str, person: str, at: datetime, of_post: Sequence[Shift]) -> tuple[bool | None, str | None]:
        """Whether a person is on duty for a post, with the number that rings; None where no shifts are kept at all.

        `of_post` are the post's own `shifts_now`.
        """
        of_person = self.shifts_of_person.get(person, _NO_SHIFTS)
        running = [shift for shift in of_post if shift.person in (None, person)]
        running += [shift for shift in of_person.at(at) if shift.post is None]
        if running:
            return True, next((shift.phone for shift in running if shift.phone), None)
        return (False if post in self.shifts_of_post or of_person.shifts else None), None


def compile_staff(roster: Roster) -> Staff:
    """Arrange the people's half of a roster for quick questions."""
    posts = rows_of(roster, "posts", Post)
    assignments = rows_of(roster, "assignments", Assignment)
    shifts = rows_of(roster, "shifts", Shift)
    return Staff(
        people={person.code: person for person in rows_of(roster, "people", Person)},
        posts={post.code: post for post in posts},
        posts_on=grouped(((post.target_kind, post.target_code), post) for post in posts),
        assignments_to=grouped((row.post, row) for row in assignments),
        assignments_of=grouped((row.person, row) for row in assignments),
        standing_in=grouped((row.stand_in, row) for row in assignments if row.stand_in is not None),
        absences_of=grouped((row.person, row) for row in rows_of(roster, "absences", Absence)),
        shifts_of_post=_rotas((row.post, row) for row in shifts if row.post is not None),
        shifts_of_person=_rotas((row.person, row) for row in shifts if row.person is not None),
    )


def _rotas(shifts: Iterable[tuple[str, Shift]]) -> dict[str, Rota]:
    return {name: rota_of(own) for name, own in grouped(shifts).items()}
