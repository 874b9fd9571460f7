"""Recording an incident: from what somebody sent to a number, with the answer frozen in the same transaction."""

from datetime import datetime

import orjson

from api.access.allowing import Access, record
from api.cases.idempotency import Answer, Write
from api.http.parsing import parse_instant, parse_key
from api.schemas.incidents import IncidentBody, incident_document, incident_item
from gridsvc.errors import NoEdition
from gridsvc.incidents.freezing import Asked, ask, freeze, reporter_of
from gridsvc.incidents.reports import day_of, instant_of, number_of
from gridsvc.model.incidents import FrozenAnswer, Incident, IncidentState
from gridsvc.model.places import Key, Location
from gridsvc.model.work import Message, Topic
from gridsvc.ports import Work
from gridsvc.serving import Snapshot


def prepare_incident(access: Access, body: IncidentBody) -> Write:
    """Everything about a new incident but its number, which only the transaction that keeps it can give.

    Raises OutsideCoverage: nothing is recorded then. May compile an older edition for what happened under it.
    """
    services = access.services
    now, location = services.settings.now(), body.location.location()
    occurred_at = None if body.occurred_at is None else parse_instant(body.occurred_at, "occurred_at")
    category = None if body.category is None else parse_key(body.category, "category")
    at, snapshot = _snapshot(access, occurred_at, now)
    reporter = reporter_of(access.caller.account, snapshot.duties)
    frozen = _freeze(access, snapshot, location, at, category, reporter)
    day = day_of(now, services.settings.zone)

    def write(work: Work) -> Answer:
        incident = Incident(
            number=number_of(day, work.count_of_day(f"{day:%Y%m%d}")),
            state=IncidentState.REPORTED,
            source=body.source,
            location=location,
            answer=frozen,
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
        work.add_incident(incident)
        details: dict[str, object] = {"source": incident.source.value, "areas": list(frozen.areas)}
        work.log([record(services, access.caller, "RECORD_INCIDENT", incident.number, details, access.request)])
        told = incident_message(Topic.INCIDENT_RECORDED, now, incident, incident_item(incident, (), services))
        return Answer(201, orjson.dumps(incident_document(incident, (), access)), [told])

    zone = services.settings.zone
    return write


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


def _freeze(
    access: Access, snapshot: Snapshot, location: Location, at: datetime, category: Key | None, reporter: str | None
) -> FrozenAnswer:
    asked = Asked(location=location, at=at, category=category, reporter=reporter)
    answer = ask(snapshot.edition, snapshot.duties, asked, access.services.options)
    access.services.serving.note(answer)
    return freeze(answer)
