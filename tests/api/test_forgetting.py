"""What is kept for a time goes by itself, also after an outage of the database."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from api import forgetting
from gridsvc.errors import NotReady
from gridsvc.model.work import Message, Topic
from gridsvc.ports.expiry import Kept
from tests.fixtures.served_city import City


def test_old_messages_go_beside_the_requests(serve: Callable[..., City], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "EVERY_S", 0.01)
    city = serve()
    store, old = city.services.store, city.services.settings.now() - timedelta(days=8)
    forget, asked, gone = store.forget_old, list[Kept](), threading.Event()

    def once_gone(kept: Kept) -> int:
        asked.append(kept)
        if len(asked) == 1:
            raise NotReady("the database cannot be reached")
        count = forget(kept)
        if count:
            gone.set()
        return count

    monkeypatch.setattr(store, "forget_old", once_gone)
    with store.begin() as work:
        work.tell([Message(topic=Topic.ROSTER_CHANGED, at=old, body={}) for _ in range(3)])
    stop = threading.Event()
    runner = threading.Thread(target=city.client.app.state.forgetting.run, args=(stop,))
    runner.start()
    try:
        assert gone.wait(10)
    finally:
        stop.set()
        runner.join(10)
    assert store.first_message() == store.last_message()
