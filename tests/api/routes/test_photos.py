"""Photos over HTTP: refusals, rights, how they are kept, told and shown."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from gridsvc.incidents.pictures import MAX_BYTES
from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Topic
from gridsvc.ports import Work
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.pictures import encoded, png_of, told_everything, two_halves
from tests.fixtures.reports import URL, recorded, serve_apart, told
from tests.fixtures.served_city import City


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A served city."""
    yield from serve_apart(tmp_path_factory, tiny_database)


@pytest.fixture(scope="module")
def collector(city: City) -> SignedInClient:
    """Somebody who sees only what they recorded."""
    return sign_in(city, AccountRole.COLLECTOR)


@pytest.fixture(scope="module")
def stranger(city: City) -> SignedInClient:
    """Another one."""
    return sign_in(city, AccountRole.STEWARD)


@pytest.fixture
def number(collector: SignedInClient) -> str:
    """A new incident."""
    return str(recorded(collector)["number"])


def _send(client: SignedInClient, number: str, body: bytes, media_type: str = "image/jpeg") -> httpx.Response:
    return client.post(f"{URL}/{number}/photos", content=body, headers={"Content-Type": media_type})


@pytest.mark.parametrize(
    ("body", "media_type", "status", "kind"),
    [
        (b"<svg onload=alert(1)>", "image/jpeg", 422, "invalid-input"),
        (b"<script>alert(1)</script>", "image/png", 422, "invalid-input"),
        (b"", "image/webp", 422, "invalid-input"),
        (encoded(two_halves())[:-100], "image/jpeg", 422, "invalid-input"),
        (encoded(two_halves()), "image/gif", 415, "unsupported-media-type"),
        (encoded(two_halves()), "text/html", 415, "unsupported-media-type"),
        (png_of(50_000, 50_000), "image/png", 413, "too-large"),
        (bytes(MAX_BYTES + 1), "image/jpeg", 413, "too-large"),
    ],
    ids=range(8),
)
def test_what_is_no_photo_is_refused(
    collector: SignedInClient, number: str, body: bytes, media_type: str, status: int, kind: str
) -> None:
    answer = _send(collector, number, body, media_type)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert collector.get(f"{URL}/{number}").json()["photos"] == []


def test_only_who_may_read_the_incident_adds_and_sees_photos(
    city: City, collector: SignedInClient, stranger: SignedInClient, number: str
) -> None:
    url = _send(collector, number, encoded(two_halves())).json()["url"]
    assert _send(stranger, number, encoded(two_halves())).status_code == 403
    assert stranger.get(url).status_code == 403
    west = sign_in(city, AccountRole.DISPATCHER, login="west", area="990101001")
    east = SignedInClient(city, sign_in(city, AccountRole.DISPATCHER, login="east", area="990101002").session["login"])
    assert west.get(url).status_code == 200
    assert east.get(url).status_code == 403
    assert _send(east, number, encoded(two_halves(80))).status_code == 403
    assert _send(sign_in(city, AccountRole.HANDLER), number, encoded(two_halves())).status_code == 403
    assert _send(collector, "20200101-000001", encoded(two_halves())).status_code == 404


def test_a_photo_is_kept_clean_and_shown_safely(collector: SignedInClient, number: str) -> None:
    answer = _send(collector, number, told_everything())
    assert answer.status_code == 201
    document = answer.json()
    assert (document["width"], document["height"], document["media_type"]) == (32, 64, "image/jpeg")
    assert answer.headers["location"] == document["url"] == f"{URL}/{number}/photos/{document['digest']}"
    for size in ("", "?size=full", "?size=thumb"):
        shown = collector.get(document["url"] + size)
        assert shown.content.startswith(b"\xff\xd8\xff")
        assert b"ecret" not in shown.content
        assert shown.headers["content-type"] == "image/jpeg"
        assert "nosniff" in shown.headers["x-content-type-options"]
        assert any(part.strip().startswith("sandbox") for part in shown.headers["content-security-policy"].split(","))
        assert shown.headers["content-disposition"].startswith(f'inline; filename="{number}-')
        assert shown.headers["cache-control"] == "private, no-cache"
        assert {"Cookie", "Authorization"} <= set(shown.headers["vary"].split(", "))
        known = collector.get(document["url"] + size, headers={"If-None-Match": shown.headers["etag"]})
        assert (known.status_code, known.headers["cache-control"]) == (304, "private, no-cache")
    assert collector.get(f"{document['url']}?size=huge").status_code == 422
    assert collector.get(f"{URL}/{number}/photos/{'0' * 64}").status_code == 404
    assert collector.get(f"{URL}/{number}/photos/..%2f..%2fetc").status_code in {404, 422}


def test_a_new_photo_is_a_new_version_told_and_audited(city: City, collector: SignedInClient, number: str) -> None:
    first = _send(collector, number, encoded(two_halves(100)))
    again = _send(collector, number, encoded(two_halves(100)))
    assert (again.status_code, again.json()) == (201, first.json())
    incident = collector.get(f"{URL}/{number}").json()
    assert incident["photos"] == [first.json()]
    assert incident["version"] == 2
    *_, message = told(city)
    assert (message.topic, message.made_by) == (Topic.INCIDENT_CHANGED, "collector")
    assert message.body == {name: value for name, value in incident.items() if name != "resolution"}
    entries = [entry for _, entry in city.services.store.list_audit(before=None, limit=20)]
    assert [entry.action for entry in entries if entry.target == number] == ["ADD_PHOTO", "RECORD_INCIDENT"]


def test_an_incident_has_nine_photos_at_most(collector: SignedInClient, number: str) -> None:
    statuses = [_send(collector, number, encoded(two_halves(64 + n))).status_code for n in range(10)]
    assert statuses == [201] * 9 + [409]
    assert len(collector.get(f"{URL}/{number}").json()["photos"]) == 9
    assert _send(collector, number, encoded(two_halves(64))).status_code == 201


def test_the_same_picture_twice_at_once_is_one_photo(
    city: City, collector: SignedInClient, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send_before_the_next_write(city, monkeypatch, lambda: _send(collector, number, encoded(two_halves())))
    late = _send(collector, number, encoded(two_halves()))
    incident = collector.get(f"{URL}/{number}").json()
    assert (late.status_code, [late.json()]) == (201, incident["photos"])
    assert incident["version"] == 2


def test_what_is_told_of_two_photos_at_once_holds_both(
    city: City, collector: SignedInClient, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send_before_the_next_write(city, monkeypatch, lambda: _send(collector, number, encoded(two_halves(80))))
    assert _send(collector, number, encoded(two_halves())).status_code == 201
    *_, message = told(city)
    assert message.body["photos"] == collector.get(f"{URL}/{number}").json()["photos"]
    assert len(message.body["photos"]) == 2  # type: ignore[arg-type]


def _send_before_the_next_write(city: City, monkeypatch: pytest.MonkeyPatch, send: Callable[[], object]) -> None:
    """Have something sent after a request has looked, and before it writes."""
    store = city.services.store
    begin = store.begin

    def late() -> AbstractContextManager[Work]:
        monkeypatch.setattr(store, "begin", begin)
        send()
        return begin()

    monkeypatch.setattr(store, "begin", late)
