"""The outbox is numbered in the order of commits; replies are kept per account, route and key. On both databases."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gridsvc.errors import Conflict
from gridsvc.model.edition import Edition
from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message, Topic
from gridsvc.ports import Work
from gridsvc.store import SqlStore
from gridsvc.store.live import KEPT
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


def test_old_messages_go_little_by_little_and_numbers_never_come_again(store: SqlStore) -> None:
    with store.begin() as work:
        work.tell([_message(str(count)) for count in range(150)])
    late = replace(_message("late"), at=NOW + KEPT + timedelta(seconds=1))
    with store.begin() as work:
        work.tell([late])
    assert store.first_message() == 101
    with store.begin() as work:
        work.tell([late])
    assert (store.first_message(), store.last_message()) == (151, 152)
    with store.begin() as work:
        work.tell([replace(late, at=late.at + 2 * KEPT)])
    assert (store.first_message(), store.last_message()) == (152, 153)


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
