"""The table of rights (`rights.toml`) and the questions asked of it. Rights are data, because cities differ."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from gridsvc.errors import NotAllowed, SignInRequired
from gridsvc.model.accounts import AccountRole, Action, Caller, Reach


class Place(StrEnum):
    """Where somebody is: with the departments that they belong to or are used by, or where their posts are."""

    DEPARTMENT = "DEPARTMENT"
    POST = "POST"


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table. `reading` changes nothing; `public` may be opened to visitors; `personal` takes somebody
    who signed in: a token that could make tokens or set passwords would reach beyond what it was issued for. `lies`
    is for rights about people: where somebody counts as being.
    """

    action: Action
    en: str
    zh: str
    reading: bool
    public: bool
    personal: bool
    reach: dict[AccountRole, Reach]
    lies: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """What visitors may do: nothing, what is public, or (demo) read everything."""

    public: bool = False
    demo: bool = False


@cache
def rights() -> dict[Action, Right]:
    """The whole table, one row per action."""
    with (Path(__file__).parent / "rights.toml").open("rb") as file:
        table = tomllib.load(file)
    return {action: _right(action, table[action]) for action in Action}


def _right(action: Action, row: dict[str, object]) -> Right:
    reach = {
        AccountRole(role): far
        for far in (Reach.OWN, Reach.SCOPE, Reach.ALL)
        for role in row.get(far, ())  # type: ignore[attr-defined]
    }
    reading, public, personal = (bool(row.get(name)) for name in ("reading", "public", "personal"))
    lies = frozenset(Place(name) for name in row.get("lies", ()))  # type: ignore[attr-defined]
    return Right(action, str(row["en"]), str(row["zh"]), reading, public, personal, reach, lies)


def reach(caller: Caller, action: Action, opening: Opening) -> Reach:
    """How far this caller may do this. What visitors may, everybody may; a token only what it was issued for."""
    right = rights()[action]
    if (opening.demo and right.reading) or (opening.public and right.public):
        return Reach.ALL
    if caller.actions is not None and (right.personal or action not in caller.actions):
        return Reach.NONE
    return right.reach.get(caller.role, Reach.NONE)


def check_right(caller: Caller, action: Action, opening: Opening) -> Reach:
    """The reach of a right that the caller has. Raises SignInRequired for visitors, NotAllowed for everybody else."""
    far = reach(caller, action, opening)
    if far is not Reach.NONE:
        return far
    words = rights()[action].en
    if caller.account is None:
        raise SignInRequired(f"Sign in to {words}.", action=action.value)
    raise NotAllowed(f"The role {caller.role.value} may not {words}.", action=action.value, role=caller.role.value)


def is_within(
    caller: Caller, far: Reach, *, areas: Collection[str], departments: Collection[str], made_by: str | None
) -> bool:
    """Whether a thing lies within a right's reach: its area codes, its departments, and the login that made it."""
    if far is Reach.ALL:
        return True
    account = caller.account
    if far is Reach.NONE or account is None:
        return False
    if made_by == account.login:
        return True
    if far is Reach.OWN:
        return False
    inside = account.area is None or account.area in areas
    return inside and (account.department is None or account.department in departments)
