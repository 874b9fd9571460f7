"""One representative request for each action, and what tells that it was allowed. A new route adds a question here."""

from collections.abc import Callable
from dataclasses import dataclass
from time import sleep

from gridsvc.model.accounts import AccountRole, Action
from tests.api.rights.stage import GAS_COVER, LON, OFFICER, Stage, Where, dispute, fixes, report

Ask = Callable[[Stage, AccountRole, Where], bool]
REFUSED = {401, 403, 404}
WEST_OR_EAST = (Where.INSIDE, Where.OUTSIDE)
EVERYWHERE = (Where.INSIDE, Where.OUTSIDE, Where.OWN)
RECORDERS = frozenset(AccountRole) - {
    AccountRole.VISITOR,
    AccountRole.ADMIN,
    AccountRole.PLANNER,
    AccountRole.ROSTER_CLERK,
    AccountRole.HANDLER,
}
"""Only they have incidents of their own; the test of RECORD_INCIDENT itself shows who they are."""
WALKERS = frozenset(
    {
        AccountRole.LANE_CHIEF,
        AccountRole.GRID_OFFICER,
        AccountRole.COLLECTOR,
        AccountRole.STEWARD,
        AccountRole.DEVICE,
    }
)
DISPUTERS = RECORDERS - {AccountRole.COLLECTOR, AccountRole.STEWARD, AccountRole.DEVICE} | {AccountRole.HANDLER}
SIGNED_IN = frozenset(AccountRole) - {AccountRole.VISITOR}


@dataclass(frozen=True)
class Question:
    """How to ask, at which places, and which roles can have something of their own."""

    ask: Ask
    where: tuple[Where, ...] = (Where.INSIDE,)
    owners: frozenset[AccountRole] = frozenset()


def _request(method: str, url: str, passed: int = 200, **given: object) -> Ask:
    """Allowed when the answer is `passed`; anything else than that or a refusal is a fault."""

    def ask(stage: Stage, role: AccountRole, where: Where) -> bool:
        answer = stage.ask(role, method, url, **given)
        assert answer.status_code == passed or answer.status_code in REFUSED, answer.text
        return answer.status_code == passed

    return ask


def _guarded(stage: Stage, role: AccountRole, where: Where) -> bool:
    answer = stage.ask(role, "GET", "/api/v1/editions/current/layers/components")
    assert answer.status_code in {200, 401, 403}
    return GAS_COVER[where] in answer.text


def _people(stage: Stage, role: AccountRole, where: Where) -> dict[str, object]:
    answer = stage.ask(role, "GET", f"/api/v1/resolve?lon={LON[where]}&lat=39.9025&datum=WGS84")
    assert answer.status_code in {200, 401}
    people = answer.json().get("people", [])
    return next((person for person in people if person["person"] == OFFICER[where]), {})


def _names(stage: Stage, role: AccountRole, where: Where) -> bool:
    return _people(stage, role, where).get("name") is not None


def _phones(stage: Stage, role: AccountRole, where: Where) -> bool:
    return _people(stage, role, where).get("phone") is not None


def _incident(stage: Stage, role: AccountRole, where: Where) -> bool:
    return _request("GET", f"/api/v1/incidents/{stage.incidents[role, where]}")(stage, role, where)


def _contact(stage: Stage, role: AccountRole, where: Where) -> bool:
    answer = stage.ask(role, "GET", f"/api/v1/incidents/{stage.incidents[role, where]}")
    assert answer.status_code == 200 or answer.status_code in REFUSED
    return answer.json().get("contact") is not None


def _record(stage: Stage, role: AccountRole, where: Where) -> bool:
    key = {"Idempotency-Key": f"asked-{where}"}
    return _request("POST", "/api/v1/incidents", 201, json=report(where), headers=key)(stage, role, where)


def _tracks(stage: Stage, role: AccountRole, where: Where) -> bool:
    login = role.lower() if where is Where.OWN else "seed-collector"
    answer = stage.ask(role, "GET", f"/api/v1/fixes?login={login}")
    assert answer.status_code in {200, 401, 403}
    return any(abs(item["location"]["lon"] - LON[where]) < 1e-9 for item in answer.json().get("items", []))


def _send(stage: Stage, role: AccountRole, where: Where) -> bool:
    at = stage.city.services.settings.now().isoformat()
    return _request("POST", "/api/v1/fixes", json=fixes(where, at))(stage, role, where)


def _job(stage: Stage, role: AccountRole, where: Where) -> bool:
    login = role.lower() if where is Where.OWN else "seed-acceptor"
    return _request("GET", f"/api/v1/jobs/{stage.jobs[login]}")(stage, role, where)


def _token(stage: Stage, role: AccountRole, where: Where) -> bool:
    login = role.lower() if where is Where.OWN else "planner" if role is not AccountRole.PLANNER else "steward"
    answer = stage.ask(role, "GET", "/api/v1/tokens")
    assert answer.status_code in {200, 401, 403}
    return stage.tokens.get(login, 0) in {item["number"] for item in answer.json().get("items", [])}


def _absence(stage: Stage, role: AccountRole, where: Where) -> bool:
    row = {"code": "AB9", "person": OFFICER[where], "valid_from": "2026-05-01", "valid_to": "2026-05-02"}
    body = {"changes": [{"table": "absences", "key": "AB9", "row": row}], "preview": True}
    return _request("POST", "/api/v1/roster/changes", json=body)(stage, role, where)


def _place(stage: Stage, role: AccountRole, where: Where) -> bool:
    for _ in range(100):
        answer = stage.ask(role, "GET", "/api/v1/search?q=Apricot%20Yard&kinds=place")
        if answer.status_code != 503:
            break
        sleep(0.1)
    assert answer.status_code in {200, 401, 403}
    return any(item["code"] == "PL-1" for item in answer.json().get("items", []))


def _open_dispute(stage: Stage, role: AccountRole, where: Where) -> bool:
    return _request("POST", "/api/v1/disputes", 201, json=dispute(where))(stage, role, where)


def _read_dispute(stage: Stage, role: AccountRole, where: Where) -> bool:
    return _request("GET", f"/api/v1/disputes/{stage.disputes[role, where]}")(stage, role, where)


def _decide(stage: Stage, role: AccountRole, where: Where) -> bool:
    """Let through as far as the version, which is never the right one."""
    address = f"/api/v1/disputes/{stage.disputes[role, where]}/decline"
    given = {"json": {"reason": "as it should be"}, "headers": {"If-Match": '"v0"'}}
    return _request("POST", address, 412, **given)(stage, role, where)


def _publish(stage: Stage, role: AccountRole, where: Where) -> bool:
    """Let through as far as the version, which is not said."""
    return _request("POST", f"/api/v1/drafts/{stage.draft}/publish", 428, json={})(stage, role, where)


FROM_ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}
QUESTIONS: dict[Action, Question] = {
    Action.READ_EDITIONS: Question(_request("GET", "/api/v1/editions")),
    Action.READ_LAYERS: Question(_request("GET", "/api/v1/editions/current/layers/cells")),
    Action.RESOLVE: Question(_request("GET", "/api/v1/resolve?lon=116.4005&lat=39.9005&datum=WGS84")),
    Action.READ_CATEGORIES: Question(_request("GET", "/api/v1/categories")),
    Action.READ_COMPONENTS: Question(_request("GET", "/api/v1/editions/current/layers/components")),
    Action.READ_GUARDED_COMPONENTS: Question(_guarded, WEST_OR_EAST),
    Action.READ_STAFF: Question(_names, WEST_OR_EAST),
    Action.READ_PHONES: Question(_phones, WEST_OR_EAST),
    Action.READ_ROSTER: Question(_request("GET", "/api/v1/people")),
    Action.READ_INCIDENTS: Question(_incident, EVERYWHERE, RECORDERS),
    Action.READ_CONTACTS: Question(_contact, EVERYWHERE, RECORDERS),
    Action.READ_TRACKS: Question(_tracks, EVERYWHERE, WALKERS),
    Action.READ_DRAFTS: Question(_request("GET", "/api/v1/drafts")),
    Action.READ_JOBS: Question(_job, EVERYWHERE, SIGNED_IN),
    Action.READ_AUDIT: Question(_request("GET", "/api/v1/audit")),
    Action.RECORD_INCIDENT: Question(_record, WEST_OR_EAST),
    Action.SEND_FIXES: Question(_send, (Where.OWN,), SIGNED_IN),
    Action.WRITE_ROSTER: Question(_absence, WEST_OR_EAST),
    Action.EDIT_DRAFTS: Question(_request("POST", "/api/v1/drafts", 201, json={})),
    Action.PUBLISH: Question(_publish),
    Action.READ_PLACES: Question(_place),
    Action.READ_METRICS: Question(_request("GET", "/metrics", headers=FROM_ELSEWHERE)),
    Action.DISPUTE: Question(_open_dispute, WEST_OR_EAST),
    Action.READ_DISPUTES: Question(_read_dispute, EVERYWHERE, DISPUTERS),
    Action.DETERMINE: Question(_decide, WEST_OR_EAST),
    Action.MANAGE_ACCOUNTS: Question(_request("GET", "/api/v1/accounts")),
    Action.ISSUE_TOKENS: Question(_token, EVERYWHERE, SIGNED_IN),
}
