"""Databases of the releases before this one, with a row in each of its tables: upgraded, it says what it said."""

from contextlib import closing
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from gridsvc.datum.location import locate
from gridsvc.model.accounts import AccountRole, Action, AuditEntry, Session, Token
from gridsvc.model.incidents import Contact, Dispute, DisputeState, Fix, FixFilter, IncidentFilter, Photo, Sight
from gridsvc.model.work import Job, JobKind, JobState
from gridsvc.ports import Store
from gridsvc.ports.recording import Claim
from gridsvc.store import current_schema, open_store, upgrade
from gridsvc.store.database import Database, connect_engine, parse_url
from gridsvc.store.migrations import REVISIONS
from gridsvc.store.schema import migrate
from gridsvc.store.tables import metadata
from tests.fixtures.accounts import make_account
from tests.fixtures.incidents import NOW, PLACES, answer_at, make_incident, make_report
from tests.gridsvc.store.scenario import person, publish_tiny, put, renamed, roster_changes

RELEASES = ("0005", "0006")
"""By their schemas, up to the one before this."""
PLACE = locate(*PLACES["A1"], "WGS84")
LATER = NOW + timedelta(hours=12)
ALL = Sight(everything=True)
NUMBER = "20260401-000001"


def test_the_release_before_this_one_is_the_one_that_is_tested() -> None:
    assert REVISIONS[-2] == RELEASES[-1]


@pytest.mark.parametrize("release", RELEASES)
def test_a_database_in_use_says_after_the_upgrade_what_it_said_before(bare_url: str, release: str) -> None:
    upgrade(bare_url)
    with closing(open_store(bare_url)) as store:
        _use(store)
        before = _told(store)
    migrate(parse_url(bare_url), "downgrade", release)
    rows = _rows(bare_url)
    assert not [name for name, found in rows.items() if not found]
    if release == "0005":
        assert " ".join(answer_at("A1").areas) in {row["areas"] for row in rows["outbox"]}  # as that release wrote

    upgrade(bare_url)
    assert current_schema(bare_url) == REVISIONS[-1]
    with closing(open_store(bare_url)) as store:
        assert _told(store) == before
        assert store.append_roster([person("P99", "another")], NOW) == before["state"].roster_revision + 1
        with store.begin() as work:
            lease = work.take_job("worker", LATER, LATER)
            assert lease is not None


def _use(store: Store) -> None:
    """A day's work: something of everything that is kept."""
    territory = publish_tiny(store)  # type: ignore[arg-type]
    store.append_roster(roster_changes(), NOW)
    store.accept_issues(["OVERLAP:cells:1"], "agreed", NOW)
    draft = put(store, store.create_draft(NOW, "left open"), renamed(territory.cells[0], "renamed"))  # type: ignore[arg-type]
    store.put_draft_roster(draft.number, [person("P98", "to come")])
    _sign_in(store)
    _record(store)
    _work(store)


def _sign_in(store: Store) -> None:
    account = make_account(store, AccountRole.DISPATCHER, "wang", area="990101001", person="P01")
    session = Session(digest="a" * 64, account=account, csrf="c", created_at=NOW, expires_at=LATER)
    token = Token(
        number=0,
        digest="b" * 64,
        account=account,
        name="gate",
        actions=frozenset({Action.RESOLVE, Action.READ_ROSTER}),
        created_at=NOW,
        expires_at=LATER,
    )
    entry = AuditEntry(
        at=NOW, login="wang", role=account.role, action="X", target="东 街", details={"n": [1]}, request="r"
    )
    with store.begin() as work:
        work.add_session(session)
        work.add_token(token)
        work.note_attempt("wang", "192.0.2.1", NOW, NOW - timedelta(days=1))
        work.log([entry])


def _record(store: Store) -> None:
    incident = make_incident(
        NUMBER, description="井盖破损", contact=Contact(name="某人", phone="000-9999"), made_by="wang"
    )
    claim = Claim("wang", "POST /api/v1/incidents", "key 1", "d" * 64)
    store.record(make_report(lambda _: incident, claim)).result(30)
    photo = Photo(
        digest="e" * 64,
        incident=NUMBER,
        media_type="image/jpeg",
        width=2,
        height=1,
        added_at=NOW,
        added_by="wang",
        data=b"\xff\xd8 whole",
        thumb=b"\xff\xd8 small",
    )
    fix = Fix(
        login="wang", at=NOW, device_at=NOW, location=replace(PLACE, accuracy_m=8.5), areas=("990101", "990101001")
    )
    dispute = Dispute(
        number=0,
        state=DisputeState.OPEN,
        location=PLACE,
        answer=answer_at("A1"),
        category=None,
        component=None,
        incident=NUMBER,
        reason="not ours",
        claimed="PARKS",
        made_by="wang",
        opened_at=NOW,
    )
    with store.begin() as work:
        work.add_photo(photo)
        work.add_fixes([fix])
        opened = work.add_dispute(dispute)
        work.add_dispute(replace(dispute, reason="still open"))
        work.close_dispute(
            replace(
                opened,
                state=DisputeState.DECLINED,
                decided_at=LATER,
                decided_by="wang",
                decided_on=date(2026, 4, 1),
                decision="as it was",
                version=2,
            )
        )


def _work(store: Store) -> None:
    job = Job(
        number=0, kind=JobKind.CHECK_DRAFT, state=JobState.WAITING, made_by="wang", created_at=NOW, input={"draft": 2}
    )
    with store.begin() as work:
        work.add_job(job)
        work.add_job(job)
    with store.begin() as work:
        assert work.take_job("first", NOW, LATER) is not None


def _told(store: Store) -> dict[str, Any]:
    """Everything that the store says, by what was asked."""
    wanted = IncidentFilter()
    session, token = store.find_session("a" * 64, NOW), store.find_token("b" * 64, NOW)
    return {
        "state": store.state(),
        "territory": store.load_territory(1),
        "editions": store.list_editions(),
        "drafts": [(draft, store.list_changes(draft.number)) for draft in store.list_drafts()],
        "draft": (store.load_draft(2), store.list_draft_roster(2)),
        "roster": store.load_roster(),
        "acceptances": store.list_acceptances(),
        "accounts": [asdict(account) for account in store.list_accounts()],
        "sessions": (session, token, store.list_tokens(None, NOW)),
        "attempts": store.count_attempts(login="wang", address=None, since=NOW - timedelta(hours=1)),
        "audit": store.list_audit(before=None, limit=100),
        "incidents": store.list_incidents(wanted, ALL, 10),
        "photos": [store.list_photos([NUMBER]), store.get_photo(NUMBER, "e" * 64, thumb=False).data],
        "thumb": store.get_photo(NUMBER, "e" * 64, thumb=True).thumb,
        "reply": store.find_reply("wang", "POST /api/v1/incidents", "key 1"),
        "fixes": store.list_fixes(FixFilter(since=NOW - timedelta(days=1), until=LATER), ALL, 10),
        "disputes": store.list_disputes(None, ALL, before=None, limit=10),
        "jobs": store.list_jobs(made_by=None, before=None, limit=10),
        "unended": store.list_unended_jobs(),
        "messages": store.list_messages(0, 100),
    }


def _rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table as they lie there."""
    with closing(Database(connect_engine(parse_url(url)))) as database, database.read() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(text("*")).select_from(text(name))).mappings()]
            for name in metadata.tables
        }
