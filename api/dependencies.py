"""What a route may ask for: the services, the right to read, instants and keys out of text."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from api.bootstrap import Services
from gridsvc.errors import InvalidInput, SignInRequired
from gridsvc.model.places import Key

FIRST_YEAR, LAST_YEAR = 1900, 2200


class Reading(StrEnum):
    """What can be read, by who may read it."""

    EDITIONS = "editions"
    LAYERS = "layers"
    ANSWERS = "answers"
    COMPONENTS = "components"
    STAFF = "staff"
    ROSTER = "roster"


PUBLIC = frozenset({Reading.EDITIONS, Reading.LAYERS, Reading.ANSWERS})
"""What everybody may read where GRIDSVC_PUBLIC_READ is set: places, and who answers with chiefs' names only."""


def services_of(request: Request) -> Services:
    """The services that this application was made with."""
    services: Services = request.app.state.services
    return services


def may_read(what: Reading, services: Services) -> bool:
    """The one rule of reading. There are no accounts yet, so everybody is a visitor.

    The demo shows its invented data whole; public reading shows places and answers; otherwise nothing is shown.
    """
    return services.settings.demo or (services.settings.public_read and what in PUBLIC)


def reading(what: Reading) -> Callable[[Request], Awaitable[Services]]:
    """A dependency that lets the request through or raises SignInRequired; `async`: a plain one would take a thread."""

    async def check(request: Request) -> Services:
        services = services_of(request)
        if not may_read(what, services):
            raise SignInRequired(f"Visitors may not read {what.value} here: sign in.", reading=what.value)
        return services

    return check


ReadEditions = Annotated[Services, Depends(reading(Reading.EDITIONS))]
ReadAnswers = Annotated[Services, Depends(reading(Reading.ANSWERS))]
ReadLayers = Annotated[Services, Depends(reading(Reading.LAYERS))]
ReadRoster = Annotated[Services, Depends(reading(Reading.ROSTER))]


def parse_instant(text: str, name: str = "at") -> datetime:
    """An instant with its offset. Raises InvalidInput for a time without one: a server's zone is nobody's business."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        hint = " (a + in an address is written %2B)" if " " in text else ""
        raise InvalidInput(f"{name}: {text!r} is no instant; write 2026-11-22T08:00:00+08:00{hint}.") from error
    if instant.tzinfo is None:
        raise InvalidInput(f"{name}: {text!r} has no offset; write 2026-11-22T08:00:00+08:00 or …Z.")
    _check_year(instant, name)
    return instant


def parse_day(text: str, services: Services, name: str = "at") -> date:
    """A local day, given as a date or as an instant with its offset."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = parse_instant(text, name).astimezone(services.settings.zone).date()
    _check_year(day, name)
    return day


def _check_year(day: date, name: str) -> None:
    """Years at the ends of the calendar cannot be turned into another zone, and no city has answers for them."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(f"{name}: {day.isoformat()} is not between the years {FIRST_YEAR} and {LAST_YEAR}.")


def parse_key(text: str, name: str) -> Key:
    """SCHEME:CODE. Raises InvalidInput."""
    scheme, colon, code = text.partition(":")
    if not (scheme and colon and code):
        raise InvalidInput(f"{name}: {text!r} is no key; write SCHEME:CODE, such as EVENT_CJT214:0102.")
    return Key(scheme, code)
