"""Signs that nobody sees but that turn other text round: refused in codes and names, taken out of free texts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from api.jobs.uploads import check_name
from geodata.importing import ImportRequest, import_layer
from geodata.schemes import load_schemes
from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import AccountRole
from gridsvc.model.territory import Layer
from gridsvc.model.texts import without_tricks
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.reports import recorded
from tests.fixtures.served_city import City

SIGNS = [*map(chr, (0x200E, 0x200F, 0x061C, 0x200B, 0x2060, 0xFEFF, 0x2028, *range(0x202A, 0x202F)))]
SIGNS += [*map(chr, range(0x2066, 0x206A))]
FACES = "张三 👩\u200d🔧 葛\U000e0100 ❤️"


@pytest.fixture
def clerk(serve: Callable[..., City]) -> SignedInClient:
    return sign_in(serve(), AccountRole.ROSTER_CLERK)


@pytest.mark.parametrize("sign", SIGNS)
def test_words_are_left_and_tricks_taken_out(sign: str) -> None:
    assert without_tricks(f"{FACES}{sign}a") == f"{FACES}a"


def test_rows_of_the_roster_are_refused_with_them(clerk: SignedInClient) -> None:
    for sign in SIGNS:
        for body in ({"code": f"X{sign}Y", "name": "x"}, {"name": f"An{sign} Yi"}, {"name": "x", "belongs_to": sign}):
            assert clerk.post("/api/v1/people", json=body).status_code == 422, (hex(ord(sign)), body)
        comment = {"changes": [{"table": "people", "row": {"name": "x"}}], "comment": sign, "preview": True}
        assert clerk.post("/api/v1/roster/changes", json=comment).status_code == 422
    assert clerk.post("/api/v1/people", json={"code": "X\u200dY", "name": "x"}).status_code == 422
    assert clerk.post("/api/v1/people", json={"name": FACES}).json()["name"] == FACES


def test_accounts_and_tokens_are_refused_with_them(serve: Callable[..., City]) -> None:
    admin = sign_in(serve(), AccountRole.ADMIN)
    body = {"login": "new", "name": "x", "role": "COLLECTOR", "area": None, "department": None, "person": None}
    body |= {"subject": None, "active": True}
    for sign in SIGNS:
        for changed in ({"login": f"n{sign}w"}, {"name": f"x{sign}"}, {"area": sign}, {"subject": sign}):
            assert admin.post("/api/v1/accounts", json=body | changed).status_code == 422, hex(ord(sign))
        token = {"name": f"t{sign}", "actions": ["RESOLVE"], "days": 1}
        assert admin.post("/api/v1/tokens", json=token).status_code == 422


def test_rows_of_a_file_are_kept_without_them(clerk: SignedInClient) -> None:
    text = "code,name\n\u202dP01\u202c,\u202eAn\u200b Yi\nNEW\u200b,\u2066胡某\u2069\n"
    headers = {"Content-Type": "text/csv", "If-Match": '"r1"'}
    url = "/api/v1/roster/import?table=people&name=a\u202eb.csv"
    told = clerk.post(url, content=text.encode(), headers=headers)
    assert told.status_code == 200, told.text
    assert ([row["key"] for row in told.json()["added"]], told.json()["changed"]) == (["NEW"], [])
    [entry] = clerk.get("/api/v1/roster/history?table=people&key=NEW").json()["items"]
    assert (entry["row"]["name"], entry["comment"]) == ("胡某", "import of ab.csv")


def test_features_of_a_layer_are_kept_without_them(tmp_path: Path, serve: Callable[..., City]) -> None:

    file = tmp_path / "segments.geojson"
    line = {"type": "LineString", "coordinates": [[116.4, 39.9], [116.401, 39.9]]}
    given = {"code": "\u200eS-1", "name": "\u202e巷\u2069Lane", "kind": "LANE"}
    feature = {"type": "Feature", "properties": given, "geometry": line}
    file.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
    store = serve().services.store
    asked = ImportRequest(layer=Layer.SEGMENTS, files=[file], datum="WGS84", mode="merge", commit=True)
    report = import_layer(store, asked, datetime.now(UTC), lambda _done, _total: None, load_schemes(None))
    assert report.draft is not None
    [segment] = [item for item in store.load_draft(report.draft).segments if item.code == "S-1"]
    assert segment.name == "巷Lane"


def test_a_report_is_kept_without_them(serve: Callable[..., City]) -> None:
    client = sign_in(serve(), AccountRole.DISPATCHER)
    contact = {"name": "\u2067李四", "phone": "\u202d138 0000\u202c"}
    told = recorded(client, description="\u202e井盖\u200b", address="\u2066东四", contact=contact)
    assert (told["description"], told["address"]) == ("井盖", "东四")
    assert told["contact"] == {"name": "李四", "phone": "138 0000"}


def test_a_files_name_is_what_it_looks_like() -> None:
    with pytest.raises(InvalidInput):
        check_name("cells\u202egpj.geojson")
