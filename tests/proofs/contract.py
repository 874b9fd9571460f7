"""The service held against its own OpenAPI document: requests made from it, right and wrong ones, and every answer
must be one that the document knows: its status, its content type, its shape; never a 5xx that nobody foresaw.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import requests
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
from tests.fixtures.desk import FORBIDDEN, Desk, Good
from tests.fixtures.good_requests import GOOD, WITHOUT
from tests.fixtures.proof_callers import make_desk, wait_for_tiles
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import make_tiny_database
from tests.proofs.row import Row

ENDLESS = "GET /api/v1/live"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass
class Tally:
    """What was asked, how it was answered, and what was wrong with which operation."""

    asked: set[str] = field(default_factory=set)
    answered: Counter[int] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(self, case: Any, response: Any) -> None:
        """Hold one answer against the document."""
        self.answered[response.status_code] += 1
        if 200 <= response.status_code < 300:
            self.done.add(case.operation.label)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as error:
            said = " / ".join(str(each) for each in error.exceptions)
            self.note(case.operation, f"{response.status_code} {said}")

    def note(self, operation: Any, said: str) -> None:
        """Keep the first difference of an operation."""
        self.wrong.setdefault(operation.label, said[:600])


@dataclass(frozen=True)
class Tryout:
    """So many requests of one operation, as it says (positive) or against it (negative); `good` is one that is answered
    well, whose parts take the place of some.
    """

    operation: Any
    mode: Any
    cases: int
    good: Good


def prove_contract(folder: Path, cases: int, at_least: int) -> list[Row]:
    """A good request of every operation, then about so many others, over all operations alike, to a tiny city. Fewer
    come of it, as chance makes some twice; `at_least` so many different ones are promised.
    """
    make_tiny_database(folder)
    tally = Tally()
    with served_for_real(Settings(data_dir=folder)) as city:
        desk = make_desk(city)
        wait_for_tiles(desk)
        schema = schemathesis.openapi.from_url(str(city.client.base_url) + "/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        tried = [operation for operation in operations if operation.label != ENDLESS]
        good = {operation.label: _ask_well(operation, desk, tally) for operation in tried}
        pairs = [(operation, mode) for operation in tried for mode in schemathesis.GenerationMode]
        each, step = -(-cases // len(pairs)), max(1, len(pairs) // cases)
        for operation, mode in pairs[::step]:
            _try_operation(Tryout(operation, mode, each, good[operation.label]), desk, tally)
        alive = city.client.get("/health/ready").status_code
    asked = len(tally.asked)
    enough = Row("different ones among them", f"{at_least:,} at least", asked, max(0, at_least - asked))
    return [*_rows(tally, {operation.label for operation in operations}, alive), enough]


def _rows(tally: Tally, labels: set[str], alive: int) -> list[Row]:
    remark = ", ".join(f"{status}: {count:,}" for status, count in sorted(tally.answered.items()))
    wrong = "\n".join(f"{name}: {what}" for name, what in sorted(tally.wrong.items()))
    never = labels - tally.done - WITHOUT.keys()
    without = "; ".join(f"without {name}: {reason}" for name, reason in sorted(WITHOUT.items()))
    requests = f"{len(tally.asked):,} different ones in {tally.answered.total():,} requests; {remark}"
    return [
        Row("requests made from the OpenAPI document", "what it says", len(tally.asked), len(tally.wrong), requests),
        Row(
            "operations that were answered with what they are for",
            "all",
            len(labels - WITHOUT.keys()),
            len(never),
            ", ".join(sorted(never)) or without,
        ),
        Row("readiness afterwards", "200", 1, int(alive != 200), wrong),
    ]


def _ask_well(operation: Any, desk: Desk, tally: Tally) -> Good:
    """A request that should be answered well; the proof goes on where it is not, and counts that."""
    make = GOOD.get(operation.label)
    if make is None:
        return Good()
    try:
        good = make(desk)
        tally.asked.add(f"{operation.label} {good}")
        tally.add(operation.Case(), desk.send(operation.label, good))
    except (AssertionError, httpx.TransportError) as error:
        tally.note(operation, f"no good request: {error!r}")
        return Good()
    return good


def _mix(case: Any, good: Good, rng: random.Random) -> None:
    """Put parts of a good request into one made by chance, each as often as not: chance alone finds nothing."""
    for name, value in good.path.items():
        if rng.random() < 0.7:
            case.path_parameters[name] = value
    if good.query and rng.random() < 0.5:
        case.query = {**(case.query or {}), **good.query}
    if good.headers and rng.random() < 0.5:
        case.headers = {**(case.headers or {}), **good.headers}
    if good.body is not None and rng.random() < 0.5:
        case.body, case.media_type = good.body, good.media_type


def _askers(desk: Desk, label: str, rng: random.Random) -> list[Mapping[str, str]]:
    """All callers; who may comes first, most of the time."""
    shuffled = rng.sample(desk.callers, len(desk.callers))
    known = desk.let_through.get(label)
    return shuffled if known is None or rng.random() < 0.1 else [known, *shuffled]


def _try_operation(tryout: Tryout, desk: Desk, tally: Tally) -> None:
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
        _mix(case, tryout.good, rng)
        said = case.as_curl_command()
        tally.asked.add(said)
        for caller in _askers(desk, operation.label, rng):  # until somebody may
            try:
                response = case.call(headers=caller, timeout=30)
            except requests.RequestException as error:
                tally.note(operation, f"{type(error).__name__} {said}")
                return
            tally.add(case, response)
            if response.status_code != FORBIDDEN:
                return

    with warnings.catch_warnings(), suppress(Unsatisfiable):  # nothing can be asked wrongly where nothing is asked
        warnings.simplefilter("ignore")
        answer_is_described()
