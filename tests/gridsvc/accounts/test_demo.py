"""The demo's accounts: one per role, with a scope that fits, once."""

from datetime import UTC, date, datetime

from gridsvc.accounts.demo import add_demo_accounts, list_demo_accounts
from gridsvc.accounts.manage import Doer
from gridsvc.model.accounts import AccountRole, Caller
from gridsvc.model.roster import Roster
from gridsvc.store import SqlStore
from tests.fixtures.served_city import FIRST_EDITION, append_rows, publish_territory
from tests.fixtures.tiny_city import tiny_roster, tiny_rows, tiny_territory

TODAY = date(2026, 4, 1)
DOER = Doer(caller=Caller(), at=datetime(2026, 4, 1, tzinfo=UTC), door="demo")


def test_every_role_but_the_visitor_has_one_that_nobody_signs_in_to() -> None:
    accounts = list(list_demo_accounts(tiny_territory().areas, tiny_roster(), TODAY))
    assert [account.role for account in accounts] == [role for role in AccountRole if role is not AccountRole.VISITOR]
    assert not any(account.can_sign_in for account in accounts)


def test_scopes_are_of_the_city() -> None:
    found = {account.role: account for account in list_demo_accounts(tiny_territory().areas, tiny_roster(), TODAY)}
    assert found[AccountRole.DISPATCHER].area == "990101001"
    assert found[AccountRole.HANDLER].department == "TRAFFIC"
    assert found[AccountRole.LANE_CHIEF].person == "P01"
    assert found[AccountRole.GRID_OFFICER].person == "P06"
    assert found[AccountRole.STEWARD].person == "P07"
    assert found[AccountRole.PLANNER].area is None


def test_a_city_without_people_and_areas_has_them_too() -> None:
    accounts = list(list_demo_accounts((), Roster(), TODAY))
    assert all(account.area is account.department is account.person is None for account in accounts)


def test_they_are_made_once_and_not_before_there_is_a_city(sqlite_store: SqlStore) -> None:
    assert add_demo_accounts(sqlite_store, DOER, TODAY) == []
    append_rows(sqlite_store, tiny_rows())
    publish_territory(sqlite_store, tiny_territory(), FIRST_EDITION)
    made = add_demo_accounts(sqlite_store, DOER, TODAY)
    assert sqlite_store.list_accounts() == sorted(made, key=lambda account: account.login)
    assert add_demo_accounts(sqlite_store, DOER, TODAY) == []
