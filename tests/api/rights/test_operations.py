"""Operation × role: a good request that changes something is let through for who has its rights and nobody else.

How far a right reaches is held in `test_matrix`; here it is the guard of each operation: none is lost, none taken for
another.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from gridsvc.accounts.rights import Opening, reach
from gridsvc.accounts.secrets import digest_of
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Reach, Token
from gridsvc.ports import Store
from tests.api.rights.operations import NEEDED, OF_ONESELF
from tests.fixtures.accounts import SignedInClient, make_account
from tests.fixtures.desk import Desk, Good
from tests.fixtures.good_requests import GOOD, WITHOUT
from tests.fixtures.proof_callers import make_desk
from tests.fixtures.served_city import start_city

Headers = Mapping[str, str]
ROLES = [role for role in AccountRole if role is not AccountRole.VISITOR]


@dataclass(frozen=True)
class Doors:
    """A desk where good requests are made, and who then sends them: a session of each role, and for each action a
    token for everything but that.
    """

    desk: Desk
    sessions: Mapping[AccountRole, Headers]
    tokens: Mapping[Action, Headers]

    def refusal(self, operation: str, good: Good, headers: Headers, status: int = 403) -> Action | None:
        """The action that the caller lacks, None when they were let through. What lies beyond somebody's reach is
        refused too, but without an action: they came through the door.
        """
        answer: httpx.Response = Desk(self.desk.client, [headers], "", "", {}).send(operation, good)
        assert answer.status_code < 500, answer.text
        refused = answer.json().get("action") if answer.status_code == status else None
        return None if refused is None else Action(refused)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[Doors]:
    folder = Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("operations") / "city"))
    city = start_city(Settings(data_dir=folder))
    desk, store = make_desk(city), city.services.store
    accounts = {role: make_account(store, role, f"{role.lower()}-at-the-door") for role in ROLES}
    sessions = {role: SignedInClient(city, account.login).headers for role, account in accounts.items()}
    tokens = {action: _all_but(store, action, accounts) for action in Action}
    yield Doors(desk, sessions, tokens)
    city.client.__exit__(None, None, None)
    store.close()


def _all_but(store: Store, action: Action, accounts: Mapping[AccountRole, Account]) -> Headers:
    secret, now = f"all but {action}", datetime.now(UTC)
    token = Token(
        number=0,
        digest=digest_of(secret),
        account=next(accounts[role] for role in ROLES if _may(role, action)),
        name="door",
        actions=frozenset(Action) - {action},
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    with store.begin() as work:
        work.add_token(token)
    return {"Authorization": f"Bearer {secret}"}


def _may(role: AccountRole, *actions: Action) -> bool:
    caller = Caller(Account(login="x", name="x", role=role))
    return all(reach(caller, action, Opening()) is not Reach.NONE for action in actions)


@pytest.mark.parametrize("operation", NEEDED)
def test_who_lacks_a_right_is_refused_and_nobody_else(doors: Doors, operation: str) -> None:
    needed, good = NEEDED[operation], GOOD[operation](doors.desk)
    assert doors.refusal(operation, good, {}, status=401) in needed
    for action in needed:
        assert doors.refusal(operation, good, doors.tokens[action]) is action
    for role in sorted(ROLES, key=lambda role: _may(role, *needed)):  # who is let through may use up what it is about
        refused = doors.refusal(operation, good, doors.sessions[role])
        assert refused is None if _may(role, *needed) else refused in needed, (role, refused)


def test_every_operation_that_changes_something_is_in_the_table() -> None:
    changing = {operation for operation in GOOD.keys() | WITHOUT.keys() if not operation.startswith("GET ")}
    assert changing == NEEDED.keys() | OF_ONESELF
    assert not NEEDED.keys() & OF_ONESELF
