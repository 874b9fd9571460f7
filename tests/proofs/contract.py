"""The service held against its own OpenAPI document: requests made from it, right and wrong ones, and every answer
must be one that the document knows: its status, its content type, its shape; never a 5xx that nobody foresaw.
"""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.settings import Settings
from gridsvc.accounts.secrets import digest_of
from gridsvc.model.accounts import AccountRole, Action, Token
from gridsvc.ports import Store
from tests.fixtures.accounts import make_account
from tests.fixtures.incidents import PLACES
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import City, make_tiny_database
from tests.proofs.row import Row

ROLES = (AccountRole.ADMIN, AccountRole.DISPATCHER, AccountRole.PLANNER, AccountRole.ROSTER_CLERK, AccountRole.ACCEPTOR)
"""Between them they may do everything; who may not is told so."""
ENDLESS = "/api/v1/live"
UNREAD, FORBIDDEN = 400, 403
KNOWN: dict[str, tuple[Any, ...]] = {
    "layer": ("cells", "areas", "segments"),
    "login": tuple(role.lower() for role in ROLES),
    "key": ("P01", "D01"),
    "code": ("LC-1",),
}
"""Path parameters that lead somewhere, for some of the requests: chance alone finds nothing."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass
class Tally:
    """How many requests were answered, and what was wrong with which."""

    answered: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(self, case: Any, response: Any) -> None:
        """Hold one answer against the document."""
        self.answered[response.status_code] += 1
        if response.status_code == UNREAD and "x-request-id" not in response.headers:
            return  # a head too long to be read: refused before the service hears of it
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as error:
            said = " / ".join(str(each) for each in error.exceptions)
            self.wrong.setdefault(case.operation.label, f"{response.status_code} {said} {case.as_curl_command()[:300]}")


@dataclass(frozen=True)
class Tryout:
    """So many requests of one operation, as it says (positive) or against it (negative)."""

    operation: Any
    mode: Any
    cases: int


def prove_contract(folder: Path, cases: int) -> list[Row]:
    """At least so many requests, over all operations alike, to a served tiny city."""
    make_tiny_database(folder)
    tally = Tally()
    with served_for_real(Settings(data_dir=folder)) as city:
        secrets = _make_tokens(city.services.store)
        _wait_for_tiles(city, secrets[0])
        known = KNOWN | {"number": (1, "1", _record(city, secrets[1]))}
        schema = schemathesis.openapi.from_url(str(city.client.base_url) + "/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations() if found.ok().path != ENDLESS]
        each = -(-cases // (2 * len(operations)))
        for operation in operations:
            for mode in schemathesis.GenerationMode:
                tryout = Tryout(operation, mode, each)
                _try_operation(tryout, known, secrets, tally)
        alive = city.client.get("/health/ready").status_code
    remark = ", ".join(f"{status}: {count:,}" for status, count in sorted(tally.answered.items()))
    wrong = "\n".join(f"{name}: {what}" for name, what in sorted(tally.wrong.items()))
    bad = len(tally.wrong)
    return [
        Row("requests made from the OpenAPI document", "what it says", tally.answered.total(), bad, remark),
        Row("readiness afterwards", "200", 1, int(alive != 200), wrong),
    ]


def _try_operation(tryout: Tryout, known: dict[str, tuple[Any, ...]], secrets: list[str], tally: Tally) -> None:
    operation = tryout.operation
    rng = random.Random(f"{operation.label} {tryout.mode}")

    @hypothesis.settings(
        max_examples=tryout.cases,
        phases=[hypothesis.Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=tryout.mode))
    def answer_is_described(case: Any) -> None:
        for name in case.path_parameters or {}:
            if name in known and rng.random() < 0.6:
                case.path_parameters[name] = rng.choice(known[name])
        for secret in rng.sample(secrets, len(secrets)):  # until somebody may
            response = case.call(headers={"Authorization": f"Bearer {secret}"}, timeout=30)
            tally.add(case, response)
            if response.status_code != FORBIDDEN:
                return

    with warnings.catch_warnings(), suppress(Unsatisfiable):  # nothing can be asked wrongly where nothing is asked
        warnings.simplefilter("ignore")
        answer_is_described()


def _wait_for_tiles(city: City, secret: str) -> None:
    """Until they are cut: before that they are refused, which is as described but says little."""
    deadline = time.monotonic() + 120
    while city.client.get("/tiles/cells.json", headers={"Authorization": f"Bearer {secret}"}).status_code == 503:
        assert time.monotonic() < deadline, "tiles are not cut"
        time.sleep(0.1)


def _record(city: City, secret: str) -> str:
    """An incident to find; its number."""
    lon, lat = PLACES["A1"]
    body = {
        "location": {"lon": lon, "lat": lat, "datum": "WGS84"},
        "source": "HOTLINE_12345",
        "description": "井盖破损",
    }
    answer = city.client.post("/api/v1/incidents", json=body, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def _make_tokens(store: Store) -> list[str]:
    """A token of every action for an account of each role."""
    expires = datetime.now(UTC) + timedelta(days=1)
    for role in ROLES:
        token = Token(
            number=0,
            digest=digest_of(f"secret of {role}"),
            account=make_account(store, role),
            name="proof",
            actions=frozenset(Action),
            created_at=datetime.now(UTC),
            expires_at=expires,
        )
        with store.begin() as work:
            work.add_token(token)
    return [f"secret of {role}" for role in ROLES]
