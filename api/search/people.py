"""People as they are found: by name or code, with the posts that they hold and what those are about, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gridsvc.model.people import Assignment, Person, Post
from gridsvc.model.roster import Roster
from gridsvc.roster.whereabouts import Whereabouts
from gridsvc.search.entries import Entry
from gridsvc.search.names import NameIndex

MOST_POSTS = 20
"""How many of somebody's posts are told: a steward of a whole quarter has more than anybody reads in a list."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post that somebody holds today; `target_name` is None for what the map does not name."""

    code: str
    role: str
    target_kind: str
    target_code: str
    target_name: str | None


@dataclass(frozen=True)
class People:
    """Persons of a roster on a day; what their posts are about is called as the edition calls it."""

    revision: int
    day: date
    edition: int
    names: NameIndex
    posts: Mapping[str, tuple[HeldPost, ...]]


def gather_people(roster: Roster, today: date, edition: int, where: Whereabouts) -> People:
    """Index everybody in the roster today."""
    held = _held(roster, today, where)
    return People(roster.revision, today, edition, NameIndex(_people(roster, today, held)), held)


def _held(roster: Roster, today: date, where: Whereabouts) -> dict[str, tuple[HeldPost, ...]]:
    tables = roster.tables
    posts = {key: post for key, post in tables.get("posts", {}).items() if isinstance(post, Post)}
    found: dict[str, dict[str, HeldPost]] = {}
    for row in tables.get("assignments", {}).values():
        if isinstance(row, Assignment) and row.valid_on(today) and row.post in posts:
            found.setdefault(row.person, {})[row.post] = _post(posts[row.post], where)
    return {person: tuple(posts[code] for code in sorted(posts))[:MOST_POSTS] for person, posts in found.items()}


def _post(post: Post, where: Whereabouts) -> HeldPost:
    return HeldPost(post.code, post.role, post.target_kind, post.target_code, where.name_of(post))


def _people(roster: Roster, today: date, held: Mapping[str, tuple[HeldPost, ...]]) -> Iterator[Entry]:
    """What tells people of one name apart is what they answer for."""
    for row in roster.tables.get("people", {}).values():
        if isinstance(row, Person) and row.valid_on(today):
            targets = dict.fromkeys(post.target_name or post.target_code for post in held.get(row.code, ()))
            detail = "、".join(list(targets)[:3])
            yield Entry("person", row.code, None, row.name, detail, other_names=(row.code,))
