"""Passwords and random secrets."""

import pytest

from gridsvc.accounts.secrets import MAX_LENGTH, digest_of, hash_password, new_secret, verify_password
from gridsvc.errors import InvalidInput


@pytest.mark.parametrize("password", ["", "short", "x" * (MAX_LENGTH + 1)])
def test_password_of_a_bad_length_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        hash_password(password)


def test_password_fits_its_own_hash_only() -> None:
    stored = hash_password("东四六条 57 号院!")
    assert verify_password(stored, "东四六条 57 号院!")
    assert not verify_password(stored, "东四六条 57 号院?")
    assert stored != hash_password("东四六条 57 号院!")


@pytest.mark.parametrize("stored", [None, "", "no hash"])
def test_nothing_fits_where_there_is_no_usable_hash(stored: str | None) -> None:
    assert not verify_password(stored, "whatever it is")


def test_secrets_differ_and_are_kept_as_digests() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(first) >= 43
    assert digest_of(first) != digest_of(second)
    assert first not in digest_of(first)
