"""The outbox is numbered in the order of commits; replies are kept per account, route and key. On both databases."""

import threading
from datetime import UTC, datetime, timedelta

from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message, Topic
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
WRITERS, EACH = 4, 10


def _message(name: str) -> Message:
    return Message(topic=Topic.INCIDENT_RECORDED, at=NOW, body={"number": name}, areas=("990101",), made_by="clerk")


def test_empty_outbox_has_no_last_message(store: SqlStore) -> None:
    assert store.last_message() == 0
    assert store.list_messages(0, 10) == []


def test_messages_come_back_whole_and_in_order(store: SqlStore) -> None:
    with store.begin() as work:
        work.tell([_message("a"), _message("b")])
        work.tell([])
    with store.begin() as work:
        work.tell([_message("c")])
    assert [message.body["number"] for message in store.list_messages(0, 10)] == ["a", "b", "c"]
    assert [message.number for message in store.list_messages(1, 1)] == [2]
    assert store.last_message() == 3


def test_a_reader_that_follows_numbers_misses_nothing_while_many_write(store: SqlStore) -> None:
    heard: list[int] = []
    done = threading.Event()

    def write(writer: int) -> None:
        for count in range(EACH):
            with store.begin() as work:
                work.tell([_message(f"{writer}-{count}")])

    def follow() -> None:
        while not done.is_set() or heard[-1:] != [store.last_message()]:
            heard.extend(message.number for message in store.list_messages(heard[-1] if heard else 0, 100))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    reader = threading.Thread(target=follow)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join(timeout=30)
    assert heard == list(range(1, WRITERS * EACH + 1))


def test_reply_is_found_by_account_route_and_key_until_it_is_old(store: SqlStore) -> None:
    reply = Reply(login="a", route="incidents", key="k", body_digest="d", status=201, body=b"{}", at=NOW)
    week_ago = NOW - timedelta(days=7)
    with store.begin() as work:
        work.keep_reply(reply, week_ago)
    with store.begin() as work:
        assert work.find_reply("a", "incidents", "k") == reply
        assert work.find_reply("b", "incidents", "k") is None
        later = Reply(login="a", route="incidents", key="k2", body_digest="d", status=201, body=b"{}", at=NOW)
        work.keep_reply(later, NOW + timedelta(days=1))
        assert work.find_reply("a", "incidents", "k") is None
