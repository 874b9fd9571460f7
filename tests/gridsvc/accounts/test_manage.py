"""Changing accounts in the store, several at once too."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gridsvc.accounts.manage import Doer, add_account, change_account, issue_token, set_password, token_actions
from gridsvc.errors import Conflict, GridError, InvalidInput, NotFound
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Session
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DOER = Doer(caller=Caller(), at=NOW, door="terminal")


def _add(store: SqlStore, login: str, role: AccountRole = AccountRole.ADMIN, **given: str) -> Account:
    account = Account(login=login, name=login, role=role, subject=given.get("subject", f"{login}@example.org"))
    return add_account(store, account, None, DOER)


def test_of_two_admins_who_close_each_other_at_once_one_stays(store: SqlStore) -> None:
    """However the two transactions interleave, on both databases."""
    for login in ("one", "two"):
        _add(store, login)
    start, refused = threading.Barrier(2), []

    def close(login: str) -> None:
        start.wait()
        try:
            change_account(store, login, lambda account: replace(account, active=False), DOER)
        except GridError as error:
            refused.append(error)

    threads = [threading.Thread(target=close, args=(login,)) for login in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in refused] == [Conflict]
    assert sum(account.active for account in store.list_accounts()) == 1


def test_an_admin_who_cannot_sign_in_is_nobody_to_leave_behind(sqlite_store: SqlStore) -> None:
    add_account(sqlite_store, Account(login="demo", name="d", role=AccountRole.ADMIN), None, DOER)
    _add(sqlite_store, "real")
    with pytest.raises(Conflict, match="last active ADMIN"):
        change_account(sqlite_store, "real", lambda account: replace(account, active=False), DOER)


def test_a_subject_is_one_accounts_and_written_in_small_letters(sqlite_store: SqlStore) -> None:
    assert _add(sqlite_store, "one", subject="Li@Example.org").subject == "li@example.org"
    assert _add(sqlite_store, "two", subject="https://op.example#AbC").subject == "https://op.example#AbC"
    with pytest.raises(Conflict):
        _add(sqlite_store, "three", subject="LI@example.org")
    with pytest.raises(InvalidInput):
        _add(sqlite_store, "four", subject="li")


def test_a_change_keeps_login_and_password_and_counts(sqlite_store: SqlStore) -> None:
    _add(sqlite_store, "li")
    set_password(sqlite_store, "li", "a long password", DOER)
    stored = sqlite_store.find_account("li")
    assert stored is not None
    changed = change_account(
        sqlite_store, "li", lambda account: replace(account, login="x", password_hash=None, name="新"), DOER, version=1
    )
    assert (changed.login, changed.password_hash, changed.version) == ("li", stored.password_hash, 2)
    with pytest.raises(Conflict):
        change_account(sqlite_store, "li", lambda account: account, DOER, version=1)
    with pytest.raises(NotFound):
        change_account(sqlite_store, "nobody", lambda account: account, DOER)


def test_a_refused_change_leaves_no_entry(sqlite_store: SqlStore) -> None:
    _add(sqlite_store, "li")
    before = sqlite_store.list_audit(before=None, limit=10)
    with pytest.raises(Conflict):
        change_account(sqlite_store, "li", lambda account: replace(account, role=AccountRole.PLANNER), DOER)
    assert sqlite_store.list_audit(before=None, limit=10) == before
    assert before[0][1].details["door"] == "terminal"


def test_a_closed_account_gets_no_token(sqlite_store: SqlStore) -> None:
    account = _add(sqlite_store, "cam", AccountRole.DEVICE)
    change_account(sqlite_store, "cam", lambda found: replace(found, active=False), DOER)
    with pytest.raises(Conflict):
        issue_token(sqlite_store, account, "gate", [Action.RESOLVE], 1, DOER)


@pytest.mark.parametrize("role", AccountRole)
def test_no_token_manages_accounts_or_makes_tokens(role: AccountRole) -> None:
    assert not {Action.MANAGE_ACCOUNTS, Action.ISSUE_TOKENS} & set(token_actions(role))


def test_ten_thousand_sessions_are_found_and_ended_by_their_own(sqlite_store: SqlStore) -> None:
    account = _add(sqlite_store, "li")
    other = _add(sqlite_store, "wang")
    until = NOW + timedelta(hours=12)
    with sqlite_store.begin() as work:
        for number in range(10_000):
            whose = account if number % 2 else other
            about = {"csrf": "c", "created_at": NOW, "expires_at": until}
            work.add_session(Session(digest=f"d{number}", account=whose, **about))  # type: ignore[arg-type]
    assert sqlite_store.find_session("d7777", NOW) is not None
    set_password(sqlite_store, "li", "a long password", DOER)
    assert sqlite_store.find_session("d7777", NOW) is None
    assert sqlite_store.find_session("d7778", NOW) is not None
