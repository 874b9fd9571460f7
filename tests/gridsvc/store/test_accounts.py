"""Accounts, sessions, tokens, attempts and the audit log, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gridsvc.errors import InvalidInput, NotFound
from gridsvc.model.accounts import Account, AccountRole, Action, AuditEntry, Session, Token
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLERK = Account(login="clerk", name="名册员", role=AccountRole.ROSTER_CLERK, area="990101", password_hash="x")


def _session(account: Account = CLERK, digest: str = "d1") -> Session:
    return Session(digest=digest, account=account, csrf="c", created_at=NOW, expires_at=NOW + HOUR)


def _token(account: Account = CLERK) -> Token:
    return Token(
        number=0,
        digest="t1",
        account=account,
        name="sensor",
        actions=frozenset({Action.RESOLVE}),
        created_at=NOW,
        expires_at=NOW + HOUR,
    )


def _entry(target: str) -> AuditEntry:
    return AuditEntry(
        at=NOW, login="clerk", role=AccountRole.ROSTER_CLERK, action="sign_in", target=target, details={"n": 1}
    )


def _put(store: SqlStore, account: Account = CLERK) -> None:
    with store.begin() as work:
        work.put_account(account)


def test_unknown_login_session_and_token_are_none(store: SqlStore) -> None:
    assert store.find_account("clerk") is None
    assert store.find_session("d1", NOW) is None
    assert store.find_token("t1", NOW) is None


def test_versions_are_told_of_sessions_and_tokens_that_work(store: SqlStore) -> None:
    _put(store, replace(CLERK, version=7))
    with store.begin() as work:
        work.add_session(_session())
        number = work.add_token(_token()).number
    asked = ["d1", "t1", "unknown"]
    assert store.list_versions(asked, NOW) == {"d1": 7, "t1": 7}
    assert store.list_versions(["d1"], NOW) == {"d1": 7}
    assert store.list_versions([], NOW) == {}
    assert store.list_versions(asked, NOW + HOUR) == {}
    with store.begin() as work:
        work.revoke_token(number, NOW)
    assert store.list_versions(asked, NOW) == {"d1": 7}
    _put(store, replace(CLERK, version=8, active=False))
    assert store.list_versions(asked, NOW) == {}


def test_account_is_replaced_by_its_login(store: SqlStore) -> None:
    _put(store)
    assert store.find_account("clerk") == CLERK
    renamed = replace(CLERK, name="新名", subject="issuer#7")
    _put(store, renamed)
    assert store.list_accounts() == [renamed]
    assert store.find_account_of_subject("issuer#7") == renamed


def test_session_ends_by_time_by_hand_and_with_its_account(store: SqlStore) -> None:
    _put(store)
    with store.begin() as work:
        work.add_session(_session())
    assert store.find_session("d1", NOW) == _session()
    assert store.find_session("d1", NOW + HOUR) is None
    _put(store, replace(CLERK, active=False))
    assert store.find_session("d1", NOW) is None
    _put(store)
    with store.begin() as work:
        work.end_session("d1")
    assert store.find_session("d1", NOW) is None


def test_all_sessions_of_an_account_end_at_once_and_expired_ones_are_deleted(store: SqlStore) -> None:
    _put(store)
    with store.begin() as work:
        work.add_session(_session())
        work.add_session(replace(_session(digest="d2"), created_at=NOW + 2 * HOUR, expires_at=NOW + 3 * HOUR))
    assert store.find_session("d1", NOW) is None
    with store.begin() as work:
        work.end_sessions_of("clerk")
    assert store.find_session("d2", NOW) is None


def test_token_works_until_it_expires_or_is_revoked(store: SqlStore) -> None:
    _put(store)
    with store.begin() as work:
        kept = work.add_token(_token())
    assert kept.number > 0
    assert store.find_token("t1", NOW) == kept
    assert store.list_tokens("clerk", NOW) == store.list_tokens(None, NOW) == [kept]
    assert store.find_token("t1", NOW + HOUR) is None
    with store.begin() as work:
        work.revoke_token(kept.number, NOW)
    assert store.find_token("t1", NOW) is None
    with pytest.raises(NotFound), store.begin() as work:
        work.revoke_token(99, NOW)


def test_attempts_are_counted_by_login_and_address_and_forgotten(store: SqlStore) -> None:
    with store.begin() as work:
        work.note_attempt("clerk", "10.0.0.1", NOW, NOW - HOUR)
        work.note_attempt("clerk", "10.0.0.2", NOW, NOW - HOUR)
        work.note_attempt("other", "10.0.0.1", NOW, NOW - HOUR)
    count = store.count_attempts
    assert count(login="clerk", address=None, since=NOW - HOUR) == 2
    assert count(login=None, address="10.0.0.1", since=NOW - HOUR) == 2
    assert count(login="clerk", address="10.0.0.1", since=NOW - HOUR) == 1
    assert count(login="clerk", address=None, since=NOW) == 0
    with store.begin() as work:
        work.clear_attempts("clerk", "10.0.0.1")
        work.note_attempt("new", "10.0.0.3", NOW + 2 * HOUR, NOW + HOUR)
    assert count(login="clerk", address=None, since=NOW - HOUR) == 0


def test_what_a_failed_transaction_did_is_undone(store: SqlStore) -> None:
    with pytest.raises(NotFound), store.begin() as work:  # noqa: PT012  one transaction
        work.put_account(CLERK)
        work.log([_entry("clerk")])
        work.revoke_token(99, NOW)
    assert store.find_account("clerk") is None
    assert store.list_audit(before=None, limit=10) == []


def test_audit_log_is_paged_newest_first(store: SqlStore) -> None:
    with store.begin() as work:
        work.log([_entry("a"), _entry("b"), _entry("c")])
    newest, second = store.list_audit(before=None, limit=2)
    assert [newest[1].target, second[1].target] == ["c", "b"]
    assert [entry for _, entry in store.list_audit(before=second[0], limit=2)] == [_entry("a")]


@pytest.mark.parametrize("statement", ["UPDATE audit SET target = 'x'", "DELETE FROM audit"])
def test_database_itself_refuses_to_change_the_audit_log(store: SqlStore, statement: str) -> None:
    with store.begin() as work:
        work.log([_entry("a")])
    with pytest.raises(DBAPIError, match="only added to"), store._database.write() as connection:
        connection.execute(text(statement))
    assert len(store.list_audit(before=None, limit=10)) == 1


def test_nothing_takes_the_place_of_an_entry(sqlite_store: SqlStore) -> None:
    with sqlite_store.begin() as work:
        work.log([_entry("a"), _entry("b")])
    other = "INSERT OR REPLACE INTO audit SELECT 1, at, login, role, action, 'x', details, request FROM audit"
    with pytest.raises(DBAPIError, match="only added to"), sqlite_store._database.write() as connection:
        connection.execute(text(other))
    assert [entry.target for _, entry in sqlite_store.list_audit(before=None, limit=10)] == ["b", "a"]


def test_a_text_with_nul_is_refused_in_words_or_means_nobody(store: SqlStore) -> None:
    """PostgreSQL keeps no such text; SQLite does."""
    if store._database.is_sqlite:
        assert store.find_account("cl\0erk") is None
        return
    with pytest.raises(InvalidInput, match="NUL"):
        store.find_account("cl\0erk")
