"""Opening a dispute with its evidence, and deciding it: the determination and the end of the dispute are one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from api.access.allowing import Access, record
from api.access.guarded import check_component, conceal, named_guarded
from api.batch.shape import check_work
from api.cases.idempotency import Answer, Write
from api.http.parsing import parse_key
from api.http.preconditions import version_tag
from api.roster.base import Base, Grounds
from api.roster.rows import Rows
from api.roster.shown import check_named
from api.roster.writing import Order, Outcome, write
from api.schemas.disputes import DecisionBody, DisputeBody, dispute_document, dispute_item, without_names
from api.schemas.roster import polygon_of
from gridsvc.accounts.rights import is_within
from gridsvc.disputes.deciding import (
    Closing,
    Decision,
    check_dates,
    check_effect,
    check_ground,
    check_open,
    declined,
    determination_of,
    determined,
    place_polygon,
)
from gridsvc.errors import InvalidInput, NotAllowed, NotFound, OutsideCoverage, UnknownCategory, UnknownDatum
from gridsvc.incidents.freezing import Asked, ask, freeze
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties, compile_duties
from gridsvc.index.shape import Survey, survey_shape
from gridsvc.index.territory.components import NearComponent, get_component
from gridsvc.model.accounts import Account, Action
from gridsvc.model.departments import Determination
from gridsvc.model.incidents import Dispute, DisputeState, FrozenAnswer, Incident
from gridsvc.model.places import Key, Location
from gridsvc.model.roster import RosterChange, lay_over
from gridsvc.model.work import Message, Topic
from gridsvc.ports import Work

CREATED = 201


def prepare_dispute(access: Access, body: DisputeBody) -> Write:
    """Everything about a new dispute but its number. Raises OutsideCoverage, and InvalidInput for an unknown claim."""
    services = access.services
    now, snapshot = services.settings.now(), services.serving.current()
    location, category, component, frozen = _evidence(access, body, now)
    if body.claimed is not None:
        claimed = snapshot.duties.organisation.by_code.get(body.claimed)
        if claimed is None or not claimed.valid_on(now.date()):
            msg = f"claimed: there is no department {body.claimed!r} today."
            raise InvalidInput(msg, zh=f"目前没有部门 {body.claimed}。", parameter="claimed")
    login = access.caller.login
    assert login is not None  # noqa: S101  visitors have no right to dispute

    def write_it(work: Work) -> Answer:
        dispute = work.add_dispute(
            Dispute(
                number=0,
                state=DisputeState.OPEN,
                location=location,
                answer=frozen,
                category=category,
                component=component,
                incident=body.incident,
                reason=body.reason,
                claimed=body.claimed,
                made_by=login,
                opened_at=now,
            )
        )
        details: dict[str, object] = {"areas": list(frozen.areas), "claimed": body.claimed, "incident": body.incident}
        work.log([record(services, access.caller, "OPEN_DISPUTE", str(dispute.number), details, access.request)])
        organisation = snapshot.duties.organisation
        told = _message(Topic.DISPUTE_OPENED, now, dispute, dispute_item(dispute, access, organisation), access)
        return Answer(CREATED, orjson.dumps(dispute_document(dispute, access, organisation)), [told])

    return write_it


def _evidence(
    access: Access, body: DisputeBody, now: datetime
) -> tuple[Location, Key | None, Key | None, FrozenAnswer]:
    """The answer that is disputed: an incident's own, or what is answered there now."""
    services, snapshot = access.services, access.services.serving.current()
    if body.incident is not None:
        incident = _readable(access, body.incident)
        return incident.location, incident.category, None, incident.answer
    category = None if body.category is None else parse_key(body.category, "category")
    component = None if body.component is None else parse_key(body.component, "component")
    location = body.location.location()
    if component is not None:
        check_component(access, snapshot.edition, component)
        _check_near(get_component(snapshot.edition, component, location), location, services.options)
    asked = Asked(location=location, at=now, category=category, component=component)
    return asked.location, category, component, freeze(ask(snapshot.edition, snapshot.duties, asked, services.options))


def _check_near(near: NearComponent, location: Location, options: ResolveOptions) -> None:
    """Who may decide goes by the place, so the component has to stand there."""
    if near.distance_m > options.component_radius_m + (location.accuracy_m or 0.0):
        msg = f"component: it stands {near.distance_m:.0f} m from the place: dispute it where it stands."
        zh = f"该部件距此位置 {near.distance_m:.0f} 米：请在部件所在位置提出异议。"
        raise InvalidInput(msg, zh=zh, parameter="component")


def _readable(access: Access, number: str) -> Incident:
    """An incident that the asker may read; to anybody else it is not there."""
    incident = access.services.store.get_incident(number)
    far, answer = access.reach(Action.READ_INCIDENTS), incident.answer
    if not is_within(access.caller, far, areas=answer.areas, departments=answer.departments, made_by=incident.made_by):
        raise NotFound(f"There is no incident {number!r} that you may read.", zh=f"没有您可查阅的案件 {number}。")
    return incident


def determine(grounds: Grounds, access: Access, dispute: Dispute, body: DecisionBody) -> tuple[Dispute, Outcome]:
    """Remember what was decided and close the dispute, in one transaction. Raises what the checks raise."""
    now = access.services.settings.now()
    decision = decision_of(access, dispute, body)
    closed: list[tuple[Dispute, Duties]] = []

    def plan(base: Base) -> Sequence[RosterChange]:
        change, _ = plan_decision(access, base, dispute, decision)
        closed[:] = [(determined(dispute, Closing(access.caller.login, now), decision, change.key), base.duties)]
        return [change]

    def also(work: Work, revision: int) -> None:
        _close(access, work, *closed[0], revision)

    order = Order(access, comment=f"dispute {dispute.number}", action="DETERMINE", scoped=False, also=also)
    outcome = write(grounds, order, plan)
    return closed[0][0], outcome


def plan_decision(
    access: Access, base: Base, dispute: Dispute, decision: Decision
) -> tuple[RosterChange, Survey | None]:
    """The row that remembers a decision, once it may be made and settles the dispute, and what its polygon lies on.
    Raises what the checks raise.
    """
    ground = _check(access, base, dispute, decision)
    change = Rows(base, access.services.store).add("determinations", determination_of(decision))
    _check_effect(access, base, dispute, change)
    return change, ground


def decline(access: Access, dispute: Dispute, reason: str) -> Dispute:
    """Close a dispute whose answer was right."""
    check_open(dispute, access.caller.login)
    services = access.services
    closed = declined(dispute, Closing(access.caller.login, services.settings.now()), reason)
    duties = services.serving.current().duties
    with services.store.begin() as work:
        _close(access, work, closed, duties, None)
    return closed


def _close(access: Access, work: Work, closed: Dispute, duties: Duties, revision: int | None) -> None:
    """Write the end of a dispute, log it and tell of it."""
    work.close_dispute(closed)
    details: dict[str, object] = {"state": closed.state.value, "determination": closed.determination}
    if revision is not None:
        details["roster"] = revision
    services = access.services
    work.log([record(services, access.caller, "CLOSE_DISPUTE", str(closed.number), details, access.request)])
    item = dispute_item(closed, access, duties.organisation)
    work.tell([_message(Topic.DISPUTE_DECIDED, closed.decided_at or closed.opened_at, closed, item, access)])


def decision_of(access: Access, dispute: Dispute, body: DecisionBody) -> Decision:
    """What an officer sent, of a dispute that they may decide just now. Raises what the checks raise."""
    settings = access.services.settings
    check_open(dispute, access.caller.login)
    polygon = None
    if body.geometry is not None:
        if body.datum is None:
            raise UnknownDatum("datum: say that of the polygon; it is never guessed.")
        polygon = place_polygon(polygon_of(body.geometry), body.datum)
    decision = Decision(
        department=body.department,
        decided_on=body.decided_on,
        polygon=polygon,
        component=None if body.component is None else parse_key(body.component, "component"),
        categories=tuple(parse_key(text, "categories") for text in dict.fromkeys(body.categories)),
        basis=body.basis,
        documents=tuple(body.documents),
        valid_to=body.valid_to,
    )
    check_dates(decision, settings.now().date(), dispute.opened_at.astimezone(settings.zone).date())
    return decision


def _check(access: Access, base: Base, dispute: Dispute, decision: Decision) -> Survey | None:
    """What the polygon lies on, if the decision is about one."""
    for category in decision.categories:
        if category not in base.duties.categories:
            raise UnknownCategory(f"category {':'.join(category)} is not in the roster.", category=":".join(category))
    if dispute.category is not None and decision.categories and dispute.category not in decision.categories:
        msg = "categories: the disputed one is not among them: it would stay disputed."
        raise InvalidInput(msg, zh="所选类别不含有异议的类别：异议仍会存在。")
    if decision.component is not None:
        check_named(access, decision.component)
    ground, inside, account = None, 1.0, access.caller.account
    if decision.polygon is not None:
        check_work(base.edition, decision.polygon)
        ground = survey_shape(base.edition, decision.polygon)
    territory = None if account is None else _territory(base, account)
    if ground is not None and territory is not None:
        inside = ground.share_within(base.edition, territory)
    check_ground(dispute, decision, ground, inside)
    return ground


def _territory(base: Base, account: Account) -> str | None:
    """The ground on which an officer decides: their area, or that which their department governs; None: all of it.

    Raises NotAllowed for who has but a department of the whole city: it would judge in its own case.
    """
    if account.area is not None or account.department is None:
        return account.area
    department = base.duties.organisation.by_code.get(account.department)
    while department is not None and department.area is None and department.parent != department.code:
        department = base.duties.organisation.by_code.get(department.parent or "")
    if department is None:
        msg = "A department does not decide by itself: ask an officer of the territory."
        raise NotAllowed(msg, zh="部门不能自行定责：请由属地人员办理。")
    return department.area


def _check_effect(access: Access, base: Base, dispute: Dispute, change: RosterChange) -> None:
    """Ask the disputed question again, of the roster with the decision. One that is over by now has no effect today."""
    row, services = change.row, access.services
    assert isinstance(row, Determination)  # noqa: S101  what it was made as
    if not row.valid_on(base.today) or row.department not in base.duties.organisation.by_code:
        return  # an unknown department is told by the checks
    duties = compile_duties(lay_over(base.roster, [change]))
    category = dispute.category or next(iter(row.categories), None)
    asked = Asked(location=dispute.location, at=services.settings.now(), category=category, component=dispute.component)
    try:
        answer = ask(base.edition, duties, asked, services.options)
    except (UnknownCategory, NotFound, OutsideCoverage):
        return  # what was asked then cannot be asked any more: nothing to hold the decision against
    check_effect(conceal(answer, access, base.edition, None), change.key)


def _message(topic: Topic, at: datetime, dispute: Dispute, item: dict[str, Any], access: Access) -> Message:
    """What those hear who may read the dispute. Not all of them may see a guarded component: none is named."""
    item = without_names(item, set(named_guarded(orjson.loads(dispute.answer.document), access)))
    departments = [*dispute.answer.departments, *([dispute.claimed] if dispute.claimed is not None else [])]
    return Message(
        topic=topic,
        at=at,
        body=orjson.loads(orjson.dumps(item)),
        areas=dispute.answer.areas,
        departments=tuple(dict.fromkeys(departments)),
        made_by=dispute.made_by,
    )


def tag_of(dispute: Dispute) -> str:
    """The ETag of a dispute."""
    return version_tag(dispute.version)
