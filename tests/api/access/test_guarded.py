"""Components of police, gas and power: in no answer to who may not see them, in no way of asking."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from shapely import Point

from api.bootstrap import open_store
from api.jobs import worker
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.departments import Category, CategoryKind
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Component, Layer, Territory
from gridsvc.model.work import Topic
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import FIRST_EDITION, City, publish_territory
from tests.fixtures.tiny_city import COMPONENTS, tiny_territory

GAS = Key(COMPONENTS, "0111")
WEST_GAS, EAST_GAS = "9901010111000001", "9901010111000002"
ASK = f"/api/v1/resolve?lon=116.40051&lat=39.90051&datum=WGS84&category={COMPONENTS}:0111"
LAYER = "/api/v1/editions/current/layers/components"
STAFF_WITHOUT = (AccountRole.ADMIN, AccountRole.ACCEPTOR, AccountRole.INSPECTOR, AccountRole.LANE_CHIEF)


@pytest.fixture
def gas_folder(city_folder: Path) -> Path:
    """The tiny city with a gas cover in the west and one in the east."""
    covers = (
        Component("COMP_2_2_6", WEST_GAS, "Gas cover", GAS, Point(116.4005, 39.9005), "WATER", "WATER", "DRAIN"),
        Component("COMP_2_2_6", EAST_GAS, "Gas cover", GAS, Point(116.4025, 39.9005), "WATER", "WATER", "DRAIN"),
    )
    tiny = tiny_territory()
    category = Category(
        scheme=COMPONENTS, code="0111", kind=CategoryKind.COMPONENT, major="01", name="燃气井盖", name_en="gas cover"
    )
    with open_store(Settings(data_dir=city_folder)) as store:
        store.append_roster([RosterChange("categories", f"{COMPONENTS}:0111", category)], FIRST_EDITION)
        publish_territory(store, _with(tiny, covers), FIRST_EDITION)
    return city_folder


def _with(tiny: Territory, covers: tuple[Component, ...]) -> Territory:
    return replace(tiny, components=tuple(sorted((*tiny.components, *covers), key=lambda item: item.code)))


@pytest.fixture
def gas_city(gas_folder: Path, serve: Callable[..., City]) -> Callable[..., City]:
    return lambda **given: serve(data_dir=gas_folder, **given)


def _codes(client: SignedInClient) -> set[str]:
    return {item["properties"]["code"] for item in client.get(LAYER).json()["features"]} - {"9901010102000001"}


def test_layer_has_guarded_components_for_the_right_people_in_their_territory(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    assert _codes(sign_in(city, AccountRole.PLANNER)) == {WEST_GAS, EAST_GAS}
    assert _codes(sign_in(city, AccountRole.DISPATCHER, area="990101001")) == {WEST_GAS}
    assert _codes(sign_in(city, AccountRole.DUTY_CHIEF, area="990101002")) == {EAST_GAS}
    assert _codes(sign_in(city, AccountRole.HANDLER, department="DRAIN")) == {WEST_GAS, EAST_GAS}
    make_account(city.services.store, AccountRole.HANDLER, "elsewhere", department="PARKS")
    assert _codes(SignedInClient(city, "elsewhere")) == set()
    for role in STAFF_WITHOUT:
        assert _codes(sign_in(city, role)) == set()


def test_where_a_page_ends_does_not_tell_where_a_hidden_component_stands(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    collector = sign_in(city, AccountRole.COLLECTOR)
    [seen] = collector.get(LAYER).json()["features"]
    page = collector.get(LAYER, params={"limit": 1}).json()
    assert (page["features"], page["truncated"]) == ([seen], False)


def test_how_many_there_are_is_told_to_who_may_see_all(gas_city: Callable[..., City]) -> None:
    city = gas_city(public_read=True)
    make_account(city.services.store, AccountRole.DUTY_CHIEF, "all")
    make_account(city.services.store, AccountRole.PLANNER, "token")
    programs = SignedInClient(city, "token")
    asked = {"name": "editions", "actions": ["READ_EDITIONS", "READ_GUARDED_COMPONENTS"], "days": 1}
    bearer = {"Authorization": "Bearer " + programs.post("/api/v1/tokens", json=asked).json()["secret"]}

    def counted(*given: dict[str, str]) -> set[int | None]:
        client = city.client if given else SignedInClient(city, "all")
        one = client.get("/api/v1/editions/current", headers=dict(*given)).json()
        everything = client.get("/api/v1/editions", headers=dict(*given)).json()["editions"]
        return {document["counts"].get("components") for document in (one, everything[-1])}

    assert counted() == {3}
    assert counted({"Accept": "*/*"}) == counted(bearer) == {None}
    for role in (*STAFF_WITHOUT, AccountRole.COLLECTOR):
        assert "components" not in sign_in(city, role).get("/api/v1/editions/current").json()["counts"]
    west = sign_in(city, AccountRole.DISPATCHER, area="990101001").get("/api/v1/editions/current").json()
    assert "components" not in west["counts"]


def test_a_territory_is_called_as_people_call_it(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    dispatcher = sign_in(city, AccountRole.DISPATCHER, area="东城")
    etag = dispatcher.get(LAYER).headers["etag"]
    assert dispatcher.get(LAYER, headers={"If-None-Match": etag}).status_code == 304


def test_what_one_may_see_is_not_confirmed_to_another(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    etag = sign_in(city, AccountRole.PLANNER).get(LAYER).headers["etag"]
    answer = sign_in(city, AccountRole.ACCEPTOR).get(LAYER, headers={"If-None-Match": etag})
    assert answer.status_code == 200


def test_an_answer_names_no_guarded_component_to_staff_who_may_not_see_it(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    whole = sign_in(city, AccountRole.DISPATCHER, area="990101001").get(ASK)
    assert WEST_GAS in whole.text
    for role in STAFF_WITHOUT:
        told = sign_in(city, role).get(ASK)
        assert WEST_GAS not in told.text
        assert told.json()["departments"][0]["code"] == whole.json()["departments"][0]["code"]


def test_asking_by_name_is_as_if_it_were_not_there(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    client = sign_in(city, AccountRole.ACCEPTOR)
    answers = [client.get(f"{ASK}&component=COMP_2_2_6:{code}") for code in (WEST_GAS, "9901010111009999")]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.json()["detail"].replace(WEST_GAS, "X").replace("9901010111009999", "X") for answer in answers]
    assert texts[0] == texts[1]


def test_a_wide_circle_does_not_measure_how_far_away_a_hidden_component_is(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    planner, collector = sign_in(city, AccountRole.PLANNER), sign_in(city, AccountRole.COLLECTOR)

    def rules(client: SignedInClient, accuracy: int) -> set[str]:
        told = client.get(ASK.replace("39.90051", "39.9007") + f"&accuracy_m={accuracy}")
        return {department["rule"] for department in told.json()["departments"]}

    for accuracy in (30, 300):
        assert "COMPONENT" in rules(planner, accuracy)
        assert "COMPONENT" not in rules(collector, accuracy)
    assert rules(planner, 5) == rules(collector, 5)


def test_a_visitor_cannot_find_components_by_asking_place_after_place(gas_city: Callable[..., City]) -> None:
    city = gas_city(public_read=True)
    near = city.client.get(ASK).json()
    assert "COMPONENT" not in {department["rule"] for department in near["departments"]}
    assert WEST_GAS not in str(near)
    assert city.client.get(f"{ASK}&component=COMP_2_2_6:{WEST_GAS}").status_code == 404
    assert city.client.get(LAYER).status_code == 401


@pytest.mark.parametrize(("role", "sees"), [(AccountRole.PLANNER, True), (AccountRole.ACCEPTOR, False)])
def test_a_batch_is_answered_without_what_one_may_not_see(
    gas_city: Callable[..., City], role: AccountRole, sees: bool
) -> None:
    points = [{"lon": lon, "lat": 39.90051, "category": f"{COMPONENTS}:0111"} for lon in (116.40051, 116.40019)]
    client = sign_in(gas_city(), role)
    near, far = client.post("/api/v1/resolve?datum=WGS84", json={"points": points}).json()["results"]
    assert (near["lead"] != far["lead"]) is sees


def test_a_batch_knows_the_guarded_components_of_ones_own_territory(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    by_cover = {WEST_GAS: (116.40051, 116.40019), EAST_GAS: (116.40251, 116.40281)}

    def known(client: SignedInClient) -> set[str]:
        found = set()
        for name, lons in by_cover.items():
            points = [{"lon": lon, "lat": 39.90051, "category": f"{COMPONENTS}:0111"} for lon in lons]
            near, far = client.post("/api/v1/resolve?datum=WGS84", json={"points": points}).json()["results"]
            found |= {name} if near["lead"] != far["lead"] else set()
        return found

    assert known(sign_in(city, AccountRole.DISPATCHER, area="990101001")) == {WEST_GAS}
    assert known(sign_in(city, AccountRole.DUTY_CHIEF, area="990101002")) == {EAST_GAS}
    assert known(sign_in(city, AccountRole.HANDLER, department="DRAIN")) == {WEST_GAS, EAST_GAS}
    assert known(sign_in(city, AccountRole.PLANNER)) == {WEST_GAS, EAST_GAS}
    assert known(sign_in(city, AccountRole.INSPECTOR)) == set()


def test_the_public_batch_knows_no_components(gas_city: Callable[..., City]) -> None:
    city = gas_city(public_read=True)
    points = [{"lon": lon, "lat": 39.90051, "category": f"{COMPONENTS}:0111"} for lon in (116.40051, 116.40019)]
    near, far = city.client.post("/api/v1/resolve?datum=WGS84", json={"points": points}).json()["results"]
    assert near["lead"] == far["lead"]


def test_an_incident_names_no_guarded_component_to_who_may_not_see_it(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    location = {"lon": 116.40051, "lat": 39.90051, "datum": "WGS84"}
    body = {"location": location, "category": f"{COMPONENTS}:0111", "source": "HOTLINE_12345"}
    acceptor = sign_in(city, AccountRole.ACCEPTOR)
    recorded = acceptor.post("/api/v1/incidents", json=body)
    assert recorded.status_code == 201, recorded.text
    address = recorded.headers["location"]
    told = [recorded, acceptor.get(address), acceptor.get(f"{address}/again")]
    assert not any(WEST_GAS in answer.text for answer in told)
    whole = sign_in(city, AccountRole.DISPATCHER, area="990101001").get(address)
    assert WEST_GAS in whole.text
    assert whole.json()["lead"] == recorded.json()["lead"]


def test_an_incident_names_none_that_is_gone_from_the_city(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    location = {"lon": 116.40051, "lat": 39.90051, "datum": "WGS84"}
    body = {"location": location, "category": f"{COMPONENTS}:0111", "source": "HOTLINE_12345"}
    acceptor = sign_in(city, AccountRole.ACCEPTOR)
    address = acceptor.post("/api/v1/incidents", json=body).headers["location"]
    publish_territory(city.services.store, tiny_territory(), FIRST_EDITION)
    city.services.serving.refresh()
    assert city.services.serving.current().edition.number == 3
    assert WEST_GAS not in acceptor.get(address).text
    assert WEST_GAS in sign_in(city, AccountRole.DISPATCHER, area="990101001").get(address).text


def test_components_of_an_undeclared_scheme_are_guarded(gas_folder: Path, serve: Callable[..., City]) -> None:
    own = Component("COMP_2_2_6", "9901010111000003", "Valve", Key("CITY_PARTS", "G01"), Point(116.4006, 39.9), "WATER")
    with open_store(Settings(data_dir=gas_folder)) as store:
        publish_territory(store, _with(tiny_territory(), (own,)), FIRST_EDITION)
    city = serve(data_dir=gas_folder)
    assert _codes(sign_in(city, AccountRole.PLANNER)) == {own.code}
    assert _codes(sign_in(city, AccountRole.ACCEPTOR)) == set()
    declared = gas_folder / "schemes.toml"
    declared.write_text('[guarded]\nCITY_PARTS = ["G02"]\n')
    knowing = serve(data_dir=gas_folder, schemes_file=declared)
    assert _codes(SignedInClient(knowing, "acceptor")) == {own.code}


def test_where_a_component_of_elsewhere_stands_is_not_told_by_its_name(gas_city: Callable[..., City]) -> None:
    """Asked from inside one's own territory: three distances would be a place."""
    city = gas_city()
    client = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    assert client.get(f"{ASK}&component=COMP_2_2_6:{WEST_GAS}").status_code == 200
    assert client.get(f"{ASK}&component=COMP_2_2_6:{EAST_GAS}").status_code == 404
    far = {"location": {"lon": 116.4005, "lat": 39.9015, "datum": "WGS84"}, "reason": "not ours"}
    refused = client.post("/api/v1/disputes", json=far | {"component": f"COMP_2_2_6:{EAST_GAS}"})
    nowhere = client.post("/api/v1/disputes", json=far | {"component": "COMP_2_2_6:9901010111009999"})
    assert (refused.status_code, nowhere.status_code) == (404, 404)
    assert refused.json()["detail"] == nowhere.json()["detail"].replace("9901010111009999", EAST_GAS)


def test_a_dispute_names_no_guarded_component_to_who_may_not_see_it(gas_city: Callable[..., City]) -> None:
    city = gas_city()
    dispatcher = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    body = {"location": {"lon": 116.40051, "lat": 39.90051, "datum": "WGS84"}, "reason": "not ours"}
    body |= {"category": f"{COMPONENTS}:0111", "component": f"COMP_2_2_6:{WEST_GAS}"}
    opened = dispatcher.post("/api/v1/disputes", json=body)
    assert opened.status_code == 201, opened.text
    address = f"/api/v1/disputes/{opened.json()['number']}"
    for told in (opened, dispatcher.get(address), dispatcher.get("/api/v1/disputes")):
        assert told.text.count(WEST_GAS) > 1
    inspector = sign_in(city, AccountRole.INSPECTOR, area="990101001")
    for told in (inspector.get(address), inspector.get("/api/v1/disputes")):
        assert told.status_code == 200
        assert WEST_GAS not in told.text
    [message] = [m for m in city.services.store.list_messages(0, 1000) if m.topic is Topic.DISPUTE_OPENED]
    assert WEST_GAS not in str(message.body)


def test_findings_and_changes_of_a_draft_name_components_to_its_editors_alone(
    gas_city: Callable[..., City], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.jobs.keeper.Keeper.run", lambda _self, stop: stop.wait())
    city = gas_city()
    store, settings = city.services.store, city.services.settings
    draft = store.create_draft(settings.now()).number
    far = Component("COMP_2_2_6", "9901010111000009", "Gas cover", GAS, Point(116.5, 39.95), "WATER", "WATER", "DRAIN")
    store.put_features(draft, Layer.COMPONENTS, [far], [], lambda _done, _total: None)
    planner = sign_in(city, AccountRole.PLANNER, area="990101001")
    job = planner.post(f"/api/v1/drafts/{draft}/check").headers["location"]
    worker.work_off(store, settings)
    issues, changes = f"/api/v1/drafts/{draft}/issues?limit=1000", f"/api/v1/drafts/{draft}/changes"
    for address in (job, issues, changes):
        assert far.code in planner.get(address).text
    for role, addresses in (
        (AccountRole.INSPECTOR, [issues, changes]),
        (AccountRole.ROSTER_CLERK, [issues, changes]),
        (AccountRole.ADMIN, [job]),
    ):
        other = sign_in(city, role)
        for address in addresses:
            told = other.get(address)
            assert told.status_code == 200
            assert far.code not in told.text
    geojson = {"Accept": "application/geo+json"}
    assert far.code not in SignedInClient(city, "inspector").get(issues, headers=geojson).text


def test_the_day_makes_no_difference(gas_city: Callable[..., City]) -> None:
    at = datetime.fromisoformat("2026-01-05T00:00:00+08:00").isoformat().replace("+", "%2B")
    assert WEST_GAS not in sign_in(gas_city(), AccountRole.ACCEPTOR).get(f"{ASK}&at={at}").text
