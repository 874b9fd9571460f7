"""Settings from the environment, and the binds that are refused."""

from dataclasses import replace

import pytest

from api.server import check_bind
from api.settings import Settings, load_settings
from gridsvc.errors import InvalidInput, NotAllowed
from gridsvc.model.accounts import AccountRole
from gridsvc.store import SqlStore
from tests.fixtures.accounts import make_account, make_demo_account


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TIMEZONE", "Mars/Olympus", "Asia/Shanghai"),
        ("PORT", "eighty", "PORT"),
        ("PORT", "70000", "PORT"),
        ("TOLERANCE_M", "-1", "TOLERANCE_M"),
        ("ROOT_PATH", "grid", "slash"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(f"GRIDSVC_{name}", value)
    with pytest.raises(InvalidInput, match=says):
        load_settings()


def test_the_environment_is_read_and_arguments_go_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDSVC_PORT", "9001")
    monkeypatch.setenv("GRIDSVC_CITY_NAME", "湖城")
    monkeypatch.setenv("GRIDSVC_CRS", "")
    assert (load_settings().port, load_settings(port=9002).port) == (9001, 9002)
    assert load_settings().city_name == "湖城"
    assert load_settings().crs is None


def test_a_base_map_in_the_states_own_datum_is_one_in_wgs84(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDSVC_TILES_DATUM", "CGCS2000")
    assert load_settings().tiles_datum == "WGS84"
    monkeypatch.setenv("GRIDSVC_TILES_DATUM", "BD09")
    with pytest.raises(InvalidInput, match="GRIDSVC_TILES_DATUM"):
        load_settings()


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "city.example"])
def test_a_bind_beyond_the_loopback_wants_an_admin_who_can_sign_in(sqlite_store: SqlStore, host: str) -> None:
    make_account(sqlite_store, AccountRole.PLANNER)
    make_demo_account(sqlite_store, AccountRole.ADMIN)
    closed = replace(make_account(sqlite_store, AccountRole.ADMIN), active=False)
    with sqlite_store.begin() as work:
        work.put_account(closed)
    with pytest.raises(NotAllowed, match="gridsvc user add"):
        check_bind(Settings(host=host), sqlite_store)
    with sqlite_store.begin() as work:
        work.put_account(replace(closed, active=True))
    check_bind(Settings(host=host), sqlite_store)


def test_the_demo_never_binds_beyond_the_loopback(sqlite_store: SqlStore) -> None:
    make_account(sqlite_store, AccountRole.ADMIN)
    with pytest.raises(NotAllowed, match="demo"):
        check_bind(Settings(host="0.0.0.0", demo=True), sqlite_store)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
@pytest.mark.parametrize("demo", [False, True])
def test_the_loopback_is_fine_without_accounts(sqlite_store: SqlStore, host: str, demo: bool) -> None:
    check_bind(Settings(host=host, demo=demo), sqlite_store)
