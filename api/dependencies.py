"""What a route may ask for: the services and the right to read."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from api.bootstrap import Services
from gridsvc.errors import SignInRequired


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
