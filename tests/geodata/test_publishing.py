from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.publishing import preview, publish, restore
from geodata.replay import plan_replay, write_replay
from gridsvc.errors import Conflict, InvalidInput, NotFound, PublishRefused
from gridsvc.index.compile import compile_territory
from gridsvc.model.edition import DraftState
from gridsvc.model.issue import Issue, Severity
from gridsvc.model.people import Post, Role, TargetKind
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer
from gridsvc.model.work import Topic
from gridsvc.ports import Progress, Store
from tests.fixtures import layers
from tests.fixtures.layers import CORNER, cell, rectangle, sound
from tests.fixtures.tiny_city import tiny_rows, tiny_territory
from tests.geodata.drafting import LATER, NOW, codes, draft_of, draft_of_territory, fill, no_progress, put_out, shipped

ROSTER = [
    RosterChange(table, row.code, row) for table, rows in tiny_rows().items() for row in rows if table != "categories"
]


def beside(code: str, west: float) -> Cell:
    return cell(CORNER, code, rectangle(west, 0, west + 1, 1))


def test_an_empty_draft_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(PublishRefused, match="neither cells nor areas"):
        put_out(sqlite_store, sqlite_store.create_draft(NOW))


def test_an_unknown_draft_is_not_found(sqlite_store: Store) -> None:
    with pytest.raises(NotFound):
        publish(sqlite_store, 7, now=NOW, schemes=shipped(), progress=no_progress)


@pytest.mark.parametrize("name", ["overlap", "same_outline", "gap", "wide_t_junction"])
def test_findings_that_block_refuse_and_leave_no_trace(sqlite_store: Store, name: str) -> None:
    draft = draft_of(sqlite_store, layers.LAYERS[name](CORNER))
    with pytest.raises(PublishRefused) as refused:
        put_out(sqlite_store, draft)
    assert any(issue.severity is Severity.BLOCK for issue in refused.value.issues)
    assert sqlite_store.state().edition == 0
    assert sqlite_store.get_draft(draft.number).state is DraftState.OPEN


def test_an_accepted_gap_is_told_as_a_note_and_published(sqlite_store: Store) -> None:
    draft = draft_of(sqlite_store, layers.gap())
    with pytest.raises(PublishRefused) as refused:
        put_out(sqlite_store, draft)
    [gap] = [issue for issue in refused.value.issues if issue.severity is Severity.BLOCK]
    sqlite_store.accept_issues([gap.id], "a lake", NOW)
    edition, issues = publish(sqlite_store, draft.number, now=NOW, schemes=shipped(), progress=no_progress)
    [told] = [issue for issue in issues if issue.code == "GAP"]
    assert (edition.number, told.severity, told.values["accepted"]) == (1, Severity.NOTE, "a lake")


@pytest.mark.parametrize("shift", [timedelta(seconds=-1), timedelta(days=-30)])
def test_an_edition_never_takes_effect_in_the_past(sqlite_store: Store, shift: timedelta) -> None:
    with pytest.raises(InvalidInput, match="past"):
        put_out(sqlite_store, draft_of(sqlite_store, sound()), NOW + shift)


def test_an_instant_without_offset_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(InvalidInput, match="offset"):
        put_out(sqlite_store, draft_of(sqlite_store, sound()), LATER.replace(tzinfo=None))


def test_an_edition_does_not_overtake_one_that_is_to_come(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()), LATER)
    with pytest.raises(InvalidInput, match="not before that"):
        put_out(sqlite_store, draft_of(sqlite_store, [beside("C", 2)]), LATER - timedelta(hours=1))


def test_published_all_at_once_with_counts_bounds_and_the_digest_of_the_index(sqlite_store: Store) -> None:
    territory = tiny_territory()
    edition = put_out(sqlite_store, draft_of_territory(sqlite_store, territory, ROSTER), LATER)
    assert edition.counts == {"areas": 6, "cells": 9, "groups": 2, "segments": 3, "components": 1, "places": 0}
    assert edition.bbox.as_list() == [116.4, 39.9, 116.403, 39.903]
    assert edition.digest == compile_territory(9, NOW, territory).digest
    assert (edition.effective_from, edition.crs) == (LATER, "EPSG:4548")
    assert sqlite_store.load_territory(1) == territory
    assert len(sqlite_store.load_roster().tables["posts"]) == 6


def test_the_crs_defaults_to_the_utm_zone_of_the_data(sqlite_store: Store) -> None:
    assert put_out(sqlite_store, draft_of(sqlite_store, sound(), crs=None)).crs == "EPSG:32650"


def test_a_post_on_a_removed_cell_blocks_until_the_draft_ends_it_too(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    post = Post(code="P", role=Role.COLLECTOR, target_kind=TargetKind.CELL, target_code="A1")
    sqlite_store.append_roster([RosterChange("posts", "P", post)], NOW)
    draft = draft_of(sqlite_store, (), remove=["A1"])
    with pytest.raises(PublishRefused) as refused:
        put_out(sqlite_store, draft)
    assert "POST_TARGET_UNKNOWN" in {issue.code for issue in refused.value.issues}
    ended = replace(post, valid_to=LATER.date())
    sqlite_store.put_draft_roster(draft.number, [RosterChange("posts", "P", ended)])
    assert put_out(sqlite_store, draft, LATER).number == 2
    assert sqlite_store.load_roster().tables["posts"]["P"] == ended


def _overtaken(store: Store, mine: list[Cell], theirs: list[Cell]) -> int:
    put_out(store, draft_of(store, sound()))
    draft = draft_of(store, mine)
    put_out(store, draft_of(store, theirs))
    return draft.number


def test_a_draft_whose_base_was_overtaken_is_replayed_where_nobody_touched_the_same(sqlite_store: Store) -> None:
    number = _overtaken(sqlite_store, [beside("C", 2)], [beside("D", -1)])
    edition = put_out(sqlite_store, sqlite_store.get_draft(number))
    assert edition.number == 3
    assert codes(sqlite_store.load_territory(3)) == ["A0", "A1", "B0", "B1", "C", "D"]
    assert {draft.state for draft in sqlite_store.list_drafts()} == {DraftState.PUBLISHED}


def test_a_draft_that_was_replayed_says_what_it_became(store: Store) -> None:
    """On both databases: its state and edition, the message, and the refusal of a second publish."""
    before = store.last_message()
    number = _overtaken(store, [beside("C", 2)], [beside("D", -1)])
    edition = put_out(store, store.get_draft(number))
    replayed, other, replay = store.list_drafts()[1:]
    assert [draft.edition for draft in (replayed, other, replay)] == [edition.number, 2, edition.number]
    assert (replayed.state, replayed.based_on, replayed.replay_of) == (DraftState.PUBLISHED, 1, None)
    assert (replay.replay_of, replay.based_on) == (number, 2)
    told = [message.body for message in store.list_messages(before, 100) if message.topic is Topic.EDITION_PUBLISHED]
    assert [(body["number"], body["draft"]) for body in told] == [(1, 1), (2, other.number), (3, number)]
    with pytest.raises(Conflict, match="published as edition 3"):
        put_out(store, replayed)


def test_a_replay_that_a_killed_publisher_left_ends_with_its_draft(store: Store) -> None:
    number = _overtaken(store, [beside("C", 2)], [beside("D", -1)])
    source = store.get_draft(number)
    left = write_replay(store, plan_replay(store, source, 2), NOW, no_progress)
    put_out(store, source)
    assert store.get_draft(left.number).state is DraftState.DISCARDED
    again = draft_of(store, [beside("E", 3)])
    left = write_replay(store, plan_replay(store, again, 3), NOW, no_progress)
    store.discard_draft(again.number)
    assert store.get_draft(left.number).state is DraftState.DISCARDED


def test_a_replay_carries_removals_and_roster_changes(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    draft = draft_of(sqlite_store, (), remove=["A1"])
    post = Post(code="P", role=Role.COLLECTOR, target_kind=TargetKind.CELL, target_code="D")
    sqlite_store.put_draft_roster(draft.number, [RosterChange("posts", "P", post)])
    put_out(sqlite_store, draft_of(sqlite_store, [beside("D", -1)]))
    put_out(sqlite_store, draft)
    assert codes(sqlite_store.load_territory(3)) == ["A0", "B0", "B1", "D"]
    assert sqlite_store.load_roster().tables["posts"]["P"] == post


def test_a_feature_that_both_changed_is_a_conflict_by_name(sqlite_store: Store) -> None:
    renamed = [replace(sound()[0], name=name) for name in ("mine", "theirs")]
    number = _overtaken(sqlite_store, [renamed[0], beside("C", 2)], [renamed[1]])
    with pytest.raises(PublishRefused) as refused:
        put_out(sqlite_store, sqlite_store.get_draft(number))
    conflicts: list[Issue] = list(refused.value.issues)
    assert [(issue.code, issue.layer, issue.features) for issue in conflicts] == [
        ("REBASE_CONFLICT", Layer.CELLS.value, ("A0",))
    ]
    assert sqlite_store.state().edition == 2
    assert sqlite_store.get_draft(number).state is DraftState.OPEN


def test_a_replay_is_checked_again(sqlite_store: Store) -> None:
    number = _overtaken(sqlite_store, [beside("C", 2)], [beside("D", 2.5)])
    with pytest.raises(PublishRefused) as refused:
        put_out(sqlite_store, sqlite_store.get_draft(number))
    assert ("OVERLAP", ("C", "D")) in {(issue.code, issue.features) for issue in refused.value.issues}
    assert len(sqlite_store.list_drafts()) == 3


def test_a_published_draft_cannot_be_published_again(sqlite_store: Store) -> None:
    draft = draft_of(sqlite_store, sound())
    put_out(sqlite_store, draft)
    with pytest.raises(Conflict, match="published"):
        put_out(sqlite_store, draft)


def test_restoring_gives_the_same_territory_and_digest_under_a_new_number(sqlite_store: Store) -> None:
    first = put_out(sqlite_store, draft_of(sqlite_store, sound()))
    put_out(sqlite_store, draft_of(sqlite_store, [beside("C", 2)], remove=["A1"]))
    restored = restore(sqlite_store, 1, now=NOW, progress=no_progress, effective_from=LATER)
    assert (restored.number, restored.restored_from, restored.effective_from) == (3, 1, LATER)
    assert restored.digest == first.digest
    assert sqlite_store.load_territory(3) == sqlite_store.load_territory(1)


def test_an_unknown_edition_cannot_be_restored(sqlite_store: Store) -> None:
    with pytest.raises(NotFound):
        restore(sqlite_store, 4, now=NOW, progress=no_progress)


def _meanwhile(act: Callable[[], object]) -> Progress:
    """A progress that acts once, while the draft is being checked."""
    waiting = [act]

    def progress(done: int, total: int) -> None:
        if waiting:
            waiting.pop()()

    return progress


def test_an_edition_that_comes_in_during_the_checks_is_replayed_onto(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    mine, theirs = draft_of(sqlite_store, [beside("C", 2)]), draft_of(sqlite_store, [beside("D", -1)])

    def overtake() -> None:
        publish(sqlite_store, theirs.number, now=LATER, schemes=shipped(), progress=no_progress)

    edition, _ = publish(sqlite_store, mine.number, now=NOW, schemes=shipped(), progress=_meanwhile(overtake))
    assert (edition.number, edition.effective_from) == (3, LATER)
    assert codes(sqlite_store.load_territory(3)) == ["A0", "A1", "B0", "B1", "C", "D"]


def test_a_duty_that_comes_in_during_the_checks_is_checked_too(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    draft = draft_of(sqlite_store, (), remove=["A1"])
    post = Post(code="P", role=Role.COLLECTOR, target_kind=TargetKind.CELL, target_code="A1")
    write = _meanwhile(lambda: sqlite_store.append_roster([RosterChange("posts", "P", post)], NOW))
    with pytest.raises(PublishRefused) as refused:
        publish(sqlite_store, draft.number, now=NOW, schemes=shipped(), progress=write)
    assert "P" in {feature for issue in refused.value.issues for feature in issue.features}
    assert sqlite_store.state().edition == 1


def test_an_edition_that_changes_the_same_during_the_checks_is_a_conflict_by_name(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    mine, theirs = (draft_of(sqlite_store, [replace(sound()[0], name=name)]) for name in ("mine", "theirs"))
    with pytest.raises(PublishRefused) as refused:
        publish(
            sqlite_store,
            mine.number,
            now=NOW,
            schemes=shipped(),
            progress=_meanwhile(lambda: put_out(sqlite_store, theirs)),
        )
    assert [(issue.code, issue.features) for issue in refused.value.issues] == [("REBASE_CONFLICT", ("A0",))]
    assert {cell.name for cell in sqlite_store.load_territory(2).cells} >= {"theirs"}
    assert sqlite_store.get_draft(mine.number).state is DraftState.OPEN


def test_an_edit_during_a_replay_is_neither_lost_nor_published_unchecked(sqlite_store: Store) -> None:
    number = _overtaken(sqlite_store, [beside("C", 2)], [beside("D", -1)])
    edit = _meanwhile(lambda: fill(sqlite_store, number, [beside("E", 3)]))
    with pytest.raises(Conflict, match="was changed while"):
        publish(sqlite_store, number, now=NOW, schemes=shipped(), progress=edit)
    assert sqlite_store.state().edition == 2
    assert [draft.number for draft in sqlite_store.list_drafts() if draft.state is DraftState.OPEN] == [number]
    put_out(sqlite_store, sqlite_store.get_draft(number))
    assert codes(sqlite_store.load_territory(3))[-3:] == ["C", "D", "E"]


def test_a_replay_overtaken_in_its_turn_is_laid_over_the_newest_edition(sqlite_store: Store) -> None:
    number = _overtaken(sqlite_store, [beside("C", 2)], [beside("D", -1)])
    again = draft_of(sqlite_store, [beside("E", 3)])
    overtake = _meanwhile(lambda: put_out(sqlite_store, again))
    edition, _ = publish(sqlite_store, number, now=NOW, schemes=shipped(), progress=overtake)
    assert edition.number == 4
    assert codes(sqlite_store.load_territory(4))[-3:] == ["C", "D", "E"]


def test_a_preview_tells_the_conflicts_that_would_refuse(sqlite_store: Store) -> None:
    renamed = [replace(sound()[0], name=name) for name in ("mine", "theirs")]
    number = _overtaken(sqlite_store, renamed[:1], renamed[1:])
    with pytest.raises(PublishRefused) as refused:
        preview(sqlite_store, number, now=NOW, schemes=shipped(), progress=no_progress)
    assert [issue.features for issue in refused.value.issues] == [("A0",)]


def test_a_preview_writes_nothing(sqlite_store: Store) -> None:
    number = _overtaken(sqlite_store, [beside("C", 2)], [beside("D", -1)])
    before = sqlite_store.list_drafts()
    preview(sqlite_store, number, now=NOW, schemes=shipped(), progress=no_progress)
    assert (sqlite_store.state().edition, sqlite_store.list_drafts()) == (2, before)
