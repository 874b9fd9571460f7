"""Which texts an account may have."""

import pytest

from gridsvc.accounts.texts import check_texts
from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import Account, AccountRole


def _account(**given: str) -> Account:
    return Account(**{"login": "wang", "name": "王", **given}, role=AccountRole.PLANNER)  # type: ignore[arg-type]


@pytest.mark.parametrize("login", ["", "Wang", "王", "a b", "-a", "a" * 64, "../x", "<b>", "wang\n", "a/b", "а"])
def test_a_login_has_a_plain_alphabet(login: str) -> None:
    with pytest.raises(InvalidInput, match="login"):
        check_texts(_account(login=login))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", " "),
        ("name", "x" * 101),
        ("name", "a\x1b[31m"),
        ("area", ""),
        ("person", "\u202e"),
        ("subject", "x" * 301),
    ],
)
def test_a_text_that_nobody_could_read_is_refused(field: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        check_texts(_account(**{field: text}))


@pytest.mark.parametrize("name", ["王小明", "<script>alert(1)</script>", "O'Brien; DROP TABLE account"])
def test_a_name_is_whatever_people_are_called(name: str) -> None:
    check_texts(_account(name=name, login="wang.xm_1@city-hall"))
