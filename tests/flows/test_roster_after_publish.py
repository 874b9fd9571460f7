"""A change of the roster just after a publish: it is held against the new map, so it says when that is not open yet."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.serving.files import compile_edition
from tests.fixtures.accounts import sign_in
from tests.fixtures.served_city import City, publish_territory
from tests.fixtures.tiny_city import tiny_territory


@contextmanager
def slow_compiling(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Editions take until the end of the block to compile."""
    done = threading.Event()

    def compile_slowly(*given: Any) -> Any:
        done.wait(30)
        return compile_edition(*given)

    monkeypatch.setattr("gridsvc.serving.files.compile_edition", compile_slowly)
    try:
        yield
    finally:
        done.set()


def test_a_change_does_not_wait_for_a_large_edition(
    serve: Callable[..., City], monkeypatch: pytest.MonkeyPatch
) -> None:
    city = serve()
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    monkeypatch.setattr("api.roster.writing.PATIENCE_S", 0.2)
    now = city.services.settings.now()
    with slow_compiling(monkeypatch):
        changed = tiny_territory()
        cells = (replace(changed.cells[0], name="changed"), *changed.cells[1:])
        publish_territory(city.services.store, replace(changed, cells=cells), now - timedelta(seconds=1))
        begun = time.monotonic()
        answer = clerk.post("/api/v1/people", json={"name": "Hu"})
        assert time.monotonic() - begun < 10
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "new edition is being opened" in answer.json()["detail"]
        assert city.client.get("/health/ready").status_code == 200
    give_up = time.monotonic() + 20
    while city.services.serving.state().edition < 2 and time.monotonic() < give_up:
        time.sleep(0.05)
    assert clerk.post("/api/v1/people", json={"name": "Hu"}).status_code == 201
    assert city.services.store.state().roster_revision == 2
