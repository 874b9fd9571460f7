"""What is sent to open and decide disputes, and disputes as documents."""

from typing import Annotated, Any

import orjson
from pydantic import Field

from api.access.allowing import Access
from api.access.guarded import hidden_names
from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record, ref
from api.schemas.incidents import MAX_DATUM, PlaceBody, hide, shown_answer
from api.schemas.incidents import Text as Clean
from api.schemas.roster import Code, Day, KeyText, Shape, StrictBody
from api.schemas.roster_components import CHANGED
from gridsvc.index.roster.organisation import Organisation
from gridsvc.model.departments import Part
from gridsvc.model.incidents import Dispute, DisputeState

MAX_REASON, MAX_DOCUMENTS = 2000, 20
Reason = Annotated[Clean, Field(min_length=1, max_length=MAX_REASON)]


class DisputeBody(StrictBody):
    """Whose answer is wrong, and why. With an incident it is the answer frozen with that one, at its place."""

    location: PlaceBody
    category: KeyText | None = None
    component: KeyText | None = None
    incident: Annotated[str | None, Field(max_length=40)] = None
    reason: Reason
    claimed: Annotated[Code | None, Field(description="The department that should answer, if one knows.")] = None


class DecisionBody(StrictBody):
    """What was agreed on: a polygon with its datum, or the disputed component; for which categories (none: all)."""

    geometry: Shape | None = None
    datum: Annotated[str | None, Field(max_length=MAX_DATUM, description="Of the polygon; never guessed.")] = None
    component: KeyText | None = None
    categories: Annotated[list[KeyText], Field(max_length=200, default_factory=list)]
    department: Code
    basis: Reason
    documents: Annotated[
        list[Annotated[Clean, Field(min_length=1, max_length=500)]],
        Field(max_length=MAX_DOCUMENTS, description="Titles or links of what was signed.", default_factory=list),
    ]
    decided_on: Day
    valid_to: Day | None = None


class DeclineBody(StrictBody):
    """Why the answer was right."""

    reason: Reason


def dispute_item(dispute: Dispute, access: Access, organisation: Organisation) -> dict[str, Any]:
    """A dispute in lists: who says what against whom, without the whole answer."""
    zone, answer = access.services.settings.zone, orjson.loads(dispute.answer.document)
    lead = next(department for department in answer["departments"] if department["part"] == Part.LEAD)
    claimed = dispute.claimed
    known = organisation.by_code.get(claimed) if claimed is not None else None
    item = {
        "number": dispute.number,
        "state": dispute.state,
        "location": answer["location"],
        "category": None if dispute.category is None else ":".join(dispute.category),
        "component": None if dispute.component is None else ":".join(dispute.component),
        "incident": dispute.incident,
        "cell": answer["cell"],
        "areas": answer["areas"],
        "sides": {
            "answered": {name: lead[name] for name in ("code", "name", "rule", "rule_id")},
            "claimed": None if claimed is None else {"code": claimed, "name": known.name if known else claimed},
        },
        "reason": dispute.reason,
        "made_by": dispute.made_by,
        "opened_at": dispute.opened_at.astimezone(zone),
        "decided_at": None if dispute.decided_at is None else dispute.decided_at.astimezone(zone),
        "decided_by": dispute.decided_by,
        "decided_on": dispute.decided_on,
        "determination": dispute.determination,
        "decision": dispute.decision,
        "version": dispute.version,
    }
    return without_names(item, hidden_names(answer, access))


def without_names(item: dict[str, Any], components: set[str]) -> dict[str, Any]:
    """A dispute in a list that names none of these components."""
    answered, asked = item["sides"]["answered"], item["component"]
    if answered["rule_id"] in components:
        item = item | {"sides": item["sides"] | {"answered": answered | {"rule_id": None}}}
    return item | {"component": None if asked is None or asked.partition(":")[2] in components else asked}


def dispute_document(dispute: Dispute, access: Access, organisation: Organisation) -> dict[str, Any]:
    """The whole dispute: the answer that is disputed stands in `resolution`, as it was given."""
    item = dispute_item(dispute, access, organisation)
    return item | {"resolution": shown_answer(dispute.answer, access)}


def dispute_again(body: bytes, access: Access) -> bytes:
    """As `shown_again` of incidents: a dispute names what is hidden outside of its answer too."""
    document = orjson.loads(body)
    hidden = hidden_names(document["resolution"], access)
    return orjson.dumps(without_names(document, hidden)) if hide(document["resolution"], access) else body


def dispute_schemas() -> dict[str, Any]:
    """By the names that routes refer to."""
    side = record(dict.fromkeys(("code", "name", "rule", "rule_id"), MAYBE_TEXT), ("code", "name"))
    maybe: dict[str, Any] = {"type": ["object", "null"]}
    instant = {"type": ["string", "null"], "format": "date-time"}
    item = {
        "number": WHOLE,
        "state": {"enum": [state.value for state in DisputeState]},
        "location": ref("Location"),
        **dict.fromkeys(("category", "component", "incident"), MAYBE_TEXT),
        "cell": maybe,
        "areas": list_of({"type": "object"}),
        "sides": record({"answered": side, "claimed": {"anyOf": [side, {"type": "null"}]}}),
        **dict.fromkeys(("reason", "made_by", "decision"), TEXT),
        "opened_at": instant,
        "decided_at": instant,
        **dict.fromkeys(("decided_by", "determination", "decided_on"), MAYBE_TEXT),
        "version": WHOLE,
    }
    named = record({"code": TEXT, "name": TEXT})
    leads = record({"before": named, "after": named, "categories": list_of(TEXT), "cells": WHOLE})
    ground = record({"cells": WHOLE, "asked": WHOLE, "area_m2": {"type": "number"}, "leads": list_of(leads)})
    return {
        "DisputeItem": record(item),
        "Dispute": record(item | {"resolution": ref("Resolution")}),
        "DecisionForeseen": record(CHANGED | {"ground": ground}),
    }
