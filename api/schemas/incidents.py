"""What is sent to record an incident, and incidents as documents."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.access.allowing import Access
from api.access.guarded import conceal_document
from api.access.personal import areas_of_target, shown_people
from api.bootstrap import Services
from gridsvc.accounts.rights import is_within
from gridsvc.datum.location import GREATEST_ACCURACY_M, locate
from gridsvc.errors import InvalidInput
from gridsvc.incidents.reports import MAX_ADDRESS, MAX_DESCRIPTION, MAX_NAME, MAX_PHONE, check_text
from gridsvc.model.accounts import Action
from gridsvc.model.departments import Part
from gridsvc.model.incidents import Contact, FrozenAnswer, Incident, Photo, Source
from gridsvc.model.places import Location
from gridsvc.model.resolution import PersonAnswer

MAX_DATUM = 20_000
"""A CRS as WKT is long."""


def _clean(text: str) -> str:
    try:
        return check_text(text)
    except InvalidInput as error:
        raise ValueError(error.message) from error


def _without_sign_of_zero(value: float) -> float:
    """-0.0 is another number to JSON than to the database: an answer that is asked again would differ."""
    return value + 0.0


Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False), AfterValidator(_without_sign_of_zero)]
Accuracy = Annotated[float, Field(strict=True, gt=0, le=GREATEST_ACCURACY_M)]
Text = Annotated[str, AfterValidator(_clean)]
Instant = Annotated[str, Field(max_length=40, json_schema_extra={"format": "date-time"})]


class PlaceBody(BaseModel):
    """One place in a datum that is said."""

    model_config = ConfigDict(extra="forbid")

    lon: Coordinate
    lat: Coordinate
    datum: Annotated[str, Field(max_length=MAX_DATUM)]
    accuracy_m: Accuracy | None = None

    def location(self) -> Location:
        """Checked and converted. Raises UnknownDatum and InvalidLocation."""
        return locate(self.lon, self.lat, self.datum, self.accuracy_m)


class ContactBody(BaseModel):
    """Who reported from outside."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Text | None, Field(max_length=MAX_NAME)] = None
    phone: Annotated[Text | None, Field(max_length=MAX_PHONE)] = None


class IncidentBody(BaseModel):
    """What is sent to record an incident."""

    model_config = ConfigDict(extra="forbid")

    location: PlaceBody
    source: Source
    category: Annotated[str | None, Field(max_length=100, description="SCHEME:CODE.")] = None
    description: Annotated[Text, Field(max_length=MAX_DESCRIPTION)] = ""
    address: Annotated[Text, Field(max_length=MAX_ADDRESS)] = ""
    occurred_at: Annotated[
        Instant | None, Field(description="Used when at most 7 days old and 5 minutes ahead; kept in any case.")
    ] = None
    contact: ContactBody | None = None

    def of_whom(self) -> Contact | None:
        """Who reported, if anything of them was said."""
        told = self.contact
        return Contact(told.name, told.phone) if told is not None and (told.name or told.phone) else None


def incident_item(incident: Incident, photos: Sequence[Photo], services: Services) -> dict[str, Any]:
    """An incident as it stands in lists and in messages: nothing personal of who reported, and no whole answer."""
    zone, answer = services.settings.zone, orjson.loads(incident.answer.document)
    category, occurred_at = incident.category, incident.occurred_at
    lead = next(department for department in answer["departments"] if department["part"] == Part.LEAD)
    return {
        "number": incident.number,
        "state": incident.state.value,
        "source": incident.source.value,
        "location": answer["location"],
        "category": None if category is None else f"{category.scheme}:{category.code}",
        "category_name": incident.category_name,
        "description": incident.description,
        "address": incident.address,
        "reported_at": incident.reported_at.astimezone(zone).isoformat(),
        "occurred_at": None if occurred_at is None else occurred_at.astimezone(zone).isoformat(),
        "made_by": incident.made_by,
        "version": incident.version,
        "photos": [photo_item(photo, services) for photo in photos],
        "cell": answer["cell"],
        "areas": answer["areas"],
        "segment": answer["segment"],
        "lead": {"code": lead["code"], "name": lead["name"]},
        "flags": answer["flags"],
    }


def incident_document(incident: Incident, item: dict[str, Any], access: Access) -> dict[str, Any]:
    """The whole incident as the asker may see it: its item in lists, its answer, and `contact` where it is for them."""
    document = item | {"resolution": shown_answer(incident.answer, access)}
    if may_see_contact(incident, access):
        contact = incident.contact
        document["contact"] = None if contact is None else {"name": contact.name, "phone": contact.phone}
    return document


def photo_item(photo: Photo, services: Services) -> dict[str, Any]:
    """A photo in a list, with the address of its data."""
    return {
        "digest": photo.digest,
        "width": photo.width,
        "height": photo.height,
        "media_type": photo.media_type,
        "url": f"{services.settings.root_path}/api/v1/incidents/{photo.incident}/photos/{photo.digest}",
    }


def may_see_contact(incident: Incident, access: Access) -> bool:
    """Whether who reported is for the asker: to ring them back, within territory and department, and for who wrote the
    contact down themselves, wherever it was. Whose role rings nobody back does not see what they wrote again.
    """
    far, answer = access.reach(Action.READ_CONTACTS), incident.answer
    return is_within(access.caller, far, areas=answer.areas, departments=answer.departments, made_by=incident.made_by)


def shown_answer(answer: FrozenAnswer, access: Access) -> Any:
    """A frozen answer as the asker may see it: to the byte, or without what is not for them."""
    document = orjson.loads(answer.document)
    return document if hide(document, access) else orjson.Fragment(answer.document)


def shown_again(body: bytes, access: Access) -> bytes:
    """What was answered before, to the byte, or to who may see less by now or asks by a narrower token without that."""
    document = orjson.loads(body)
    return orjson.dumps(document) if hide(document["resolution"], access) else body


def hide(document: dict[str, Any], access: Access) -> bool:
    """Take out of an answer that was kept as JSON what is not for the asker, by the rules of `/resolve`: names and
    phones of people, and the codes of guarded components. Changed in place; False where nothing had to be.

    Having recorded something somewhere, or disputed it, opens no telephone numbers of that place.
    """
    above = [area["code"] for area in document["areas"]]
    people = [PersonAnswer(**person) for person in document["people"]]
    shown = list(shown_people(access, people, lambda person: areas_of_target(person, above), document["at"]))
    document["people"] = [asdict(person) for person in shown]
    return conceal_document(document, access) or shown != people
