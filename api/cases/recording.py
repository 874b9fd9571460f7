"""Recording an incident: from what somebody sent to a number, with the answer frozen in the same transaction."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import orjson
from fastapi import Request

from api.access.allowing import Access, record
from api.cases.idempotency import Answer, kept_since, record_once
from api.http.parsing import parse_instant, parse_key
from api.http.wide import is_wide, run_for_circle
from api.schemas.incidents import IncidentBody, incident_document, incident_item
from gridsvc.datum.names import NAMED
from gridsvc.errors import NoEdition, OutsideCoverage
from gridsvc.incidents.freezing import Asked, ask, freeze, reporter_of
from gridsvc.incidents.reports import day_of, instant_of, number_of
from gridsvc.model.incidents import Incident, IncidentState
from gridsvc.model.resolution import Resolution
from gridsvc.model.work import Message, Topic
from gridsvc.ports.recording import Claim, Recorded, Report
from gridsvc.serving import Snapshot


async def record_incident(request: Request, access: Access, body: IncidentBody, claim: Claim | None) -> Answer:
    """A new incident, or what was answered to the same request before. An answer that is given again is not counted
    again. Raises OutsideCoverage: nothing is recorded then.
    """
    given: list[Resolution] = []

    async def prepare() -> Report:
        answer, report = await _prepare_aside(request, access, body, claim)
        given.append(answer)
        return report

    serving = access.services.serving
    try:
        told = await record_once(access, claim, prepare)
    except OutsideCoverage:
        serving.answers.note_outside()
        raise
    if not told.replayed:
        serving.note(*given)
    return told


async def _prepare_aside(
    request: Request, access: Access, body: IncidentBody, claim: Claim | None
) -> tuple[Resolution, Report]:
    """Takes a thread only for what may take long: an older edition that is compiled, a wide circle, a CRS that is
    read.
    """
    place = body.location
    is_quick = body.occurred_at is None and place.datum in NAMED and not is_wide(place.accuracy_m)
    if is_quick:
        return _prepare(access, body, claim)
    return await run_for_circle(request, access.caller, place.accuracy_m, lambda: _prepare(access, body, claim))


def _prepare(access: Access, body: IncidentBody, claim: Claim | None) -> tuple[Resolution, Report]:
    """The answer, and everything about a new incident but its number, which only the transaction that keeps it can
    give.
    """
    services = access.services
    zone, now, location = services.settings.zone, services.settings.now(), body.location.location()
    occurred_at = None if body.occurred_at is None else parse_instant(body.occurred_at, "occurred_at")
    category = None if body.category is None else parse_key(body.category, "category")
    at, snapshot = _snapshot(access, occurred_at, now)
    reporter = reporter_of(access.caller.account, snapshot.duties)
    asked = Asked(location=location, at=at, category=category, reporter=reporter)
    answer = ask(snapshot.edition, snapshot.duties, asked, services.options)
    draft = Incident(
        number="",
        state=IncidentState.REPORTED,
        source=body.source,
        location=location,
        answer=freeze(answer),
        category=category,
        category_name=None if category is None else snapshot.duties.get_category(category, day_of(at, zone)).name,
        description=body.description,
        address=body.address,
        reported_at=now,
        occurred_at=occurred_at,
        made_by=access.caller.login,
        reporter=reporter,
        contact=body.of_whom(),
    )
    item = incident_item(draft, (), services)
    finish = partial(_finish, access, draft, item, incident_document(draft, item, access))
    day = f"{day_of(now, zone):%Y%m%d}"
    return answer, Report(at=now, day=day, finish=finish, forget_before=kept_since(access), claim=claim)


def _finish(
    access: Access, draft: Incident, item: dict[str, object], document: dict[str, object], count: int
) -> Recorded:
    """What is written, with the number."""
    services, now = access.services, draft.reported_at
    number = number_of(day_of(now, services.settings.zone), count)
    incident = replace(draft, number=number)
    details: dict[str, object] = {"source": incident.source.value, "areas": list(incident.answer.areas)}
    return Recorded(
        incident=incident,
        entry=record(services, access.caller, "RECORD_INCIDENT", number, details, access.request),
        message=incident_message(Topic.INCIDENT_RECORDED, now, incident, item | {"number": number}),
        body=orjson.dumps(document | {"number": number}),
    )


def incident_message(topic: Topic, at: datetime, incident: Incident, item: dict[str, object]) -> Message:
    """What those hear who may read the incident."""
    return Message(
        topic=topic,
        at=at,
        body=item,
        areas=incident.answer.areas,
        departments=incident.answer.departments,
        made_by=incident.made_by,
    )


def _snapshot(access: Access, occurred_at: datetime | None, now: datetime) -> tuple[datetime, Snapshot]:
    """The instant that the report is answered for, and what answers then."""
    serving, at = access.services.serving, instant_of(occurred_at, now)
    if at != now:
        try:
            return at, serving.at(at)
        except NoEdition:
            pass  # What happened before the first edition is answered for by who answers now.
    return now, serving.current()
