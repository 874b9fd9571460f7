"""The table of rights and the questions asked of it."""

import itertools

import pytest

from gridsvc.accounts.rights import Opening, check_right, is_within, reach, rights
from gridsvc.errors import NotAllowed, SignInRequired
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Reach

CLOSED = Opening()


def _caller(role: AccountRole, **scope: str) -> Caller:
    return Caller(Account(login="x", name="某人", role=role, **scope))  # type: ignore[arg-type]


def test_every_action_has_one_row_with_words_in_both_languages() -> None:
    assert set(rights()) == set(Action)
    assert all(right.en and right.zh for right in rights().values())


def test_visitors_may_nothing_unless_it_is_opened() -> None:
    visitor = Caller()
    assert all(reach(visitor, action, CLOSED) is Reach.NONE for action in Action)
    public = {action for action in Action if reach(visitor, action, Opening(public=True)) is Reach.ALL}
    assert public == {Action.READ_EDITIONS, Action.READ_LAYERS, Action.RESOLVE}


def test_demo_opens_reading_and_no_change() -> None:
    demo = {action for action in Action if reach(Caller(), action, Opening(demo=True)) is Reach.ALL}
    assert demo == {action for action in Action if action.value.startswith("READ_")} | {Action.RESOLVE}


def test_visitor_is_asked_to_sign_in_and_others_are_refused() -> None:
    with pytest.raises(SignInRequired):
        check_right(Caller(), Action.WRITE_ROSTER, CLOSED)
    with pytest.raises(NotAllowed):
        check_right(_caller(AccountRole.STEWARD), Action.WRITE_ROSTER, CLOSED)
    assert check_right(_caller(AccountRole.ROSTER_CLERK), Action.WRITE_ROSTER, CLOSED) is Reach.SCOPE


@pytest.mark.parametrize(("role", "action"), list(itertools.product(AccountRole, Action)))
def test_token_never_reaches_farther_than_its_role_nor_beyond_what_it_was_issued_for(
    role: AccountRole, action: Action
) -> None:
    whole = _caller(role)
    assert reach(Caller(whole.account, frozenset()), action, CLOSED) is Reach.NONE
    expected = Reach.NONE if rights()[action].personal else reach(whole, action, CLOSED)
    assert reach(Caller(whole.account, frozenset({action})), action, CLOSED) is expected


@pytest.mark.parametrize(
    ("far", "area", "department", "expected"),
    [
        (Reach.ALL, "990199", "OTHER", True),
        (Reach.NONE, "990101", "D1", False),
        (Reach.OWN, "990101", "D1", False),
        (Reach.SCOPE, None, None, True),
        (Reach.SCOPE, "990101", None, True),
        (Reach.SCOPE, "990199", None, False),
        (Reach.SCOPE, None, "D1", True),
        (Reach.SCOPE, None, "OTHER", False),
        (Reach.SCOPE, "990101", "OTHER", False),
    ],
)
def test_scope_is_territory_and_department(
    far: Reach, area: str | None, department: str | None, *, expected: bool
) -> None:
    caller = Caller(Account(login="x", name="某人", role=AccountRole.HANDLER, area=area, department=department))
    assert is_within(caller, far, areas=["990100", "990101"], departments=["D1"], made_by=None) is expected


@pytest.mark.parametrize("far", [Reach.OWN, Reach.SCOPE])
def test_what_one_made_oneself_is_always_within_reach(far: Reach) -> None:
    caller = _caller(AccountRole.COLLECTOR, area="990199")
    assert is_within(caller, far, areas=["990101"], departments=[], made_by="x")
    assert not is_within(Caller(), far, areas=["990101"], departments=[], made_by=None)
