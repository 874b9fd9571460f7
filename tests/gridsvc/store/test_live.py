"""The outbox is numbered in the order of commits, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gridsvc.errors import Conflict
from gridsvc.model.edition import Edition
from gridsvc.model.work import Message, Topic
from gridsvc.ports import Work
from gridsvc.store import SqlStore
from tests.fixtures.tiny_city import tiny_territory
from tests.gridsvc.store.scenario import draft_of, edition_of, person, publish_tiny, silent

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


def test_codes_with_spaces_stay_whole(store: SqlStore) -> None:
    message = replace(_message("a"), areas=("99 01", "990101"), departments=("City works", '"quoted"', "水务"))
    with store.begin() as work:
        work.tell([message])
    assert store.list_messages(0, 1) == [replace(message, number=1)]


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


def test_edition_is_told_with_the_transaction_that_makes_it_current(store: SqlStore) -> None:
    publish_tiny(store)
    told = store.list_messages(0, 10)
    assert [message.topic for message in told] == [Topic.EDITION_PUBLISHED]
    assert told[0].body["number"] == 1
    store.restore_edition(1, edition_of(2), silent)
    assert store.list_messages(1, 10)[0].body["restored_from"] == 1


def test_refused_companion_of_a_publish_undoes_it_and_tells_nothing(store: SqlStore) -> None:
    draft = draft_of(store, tiny_territory())

    def refuse(work: Work, edition: Edition) -> None:
        raise Conflict("no")

    with pytest.raises(Conflict):
        store.publish_draft(draft.number, edition_of(1), silent, also=refuse)
    assert store.state().edition == 0
    assert store.last_message() == 0
    assert store.publish_draft(draft.number, edition_of(1), silent).number == 1


def test_roster_revision_is_told_with_its_tables(store: SqlStore) -> None:
    assert store.append_roster([person("P1", "one")], NOW) == 1
    with store.begin() as work:
        assert work.append_roster([person("P2", "two")], NOW) == 2
    draft = draft_of(store, tiny_territory())
    store.put_draft_roster(draft.number, [person("P3", "three")])
    store.publish_draft(draft.number, edition_of(1), silent)
    told = store.list_messages(0, 10)
    assert [message.topic for message in told] == [Topic.ROSTER_CHANGED] * 3 + [Topic.EDITION_PUBLISHED]
    assert [message.body for message in told[:3]] == [{"revision": n, "tables": ["people"]} for n in (1, 2, 3)]


def test_nothing_is_told_of_a_roster_that_did_not_change(store: SqlStore) -> None:
    assert store.append_roster([], NOW) == 0
    assert store.last_message() == 0
