"""The HTTP application: routes, handlers, headers, and the thread that follows the store."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import BaseRoute

from api.access.allowing import Callers
from api.access.password_turns import PasswordTurns
from api.bootstrap import Services
from api.forgetting import Forgetting
from api.http.errors import add_error_handlers
from api.http.headers import Headers
from api.http.layer_pages import LayerPages
from api.http.query import check_query
from api.http.table_pages import TablePages
from api.http.turns import Turns
from api.jobs.keeper import Keeper
from api.live.feed import Feed
from api.operation.metrics import Metrics
from api.operation.observing import Observed
from api.plain_door import Application, PlainDoor
from api.roster.base import Grounds
from api.routes import (
    accounts,
    audit,
    base_map,
    batch,
    bodies,
    disputes,
    draft_contents,
    drafts,
    editions,
    exports,
    fixes,
    incidents,
    jobs,
    live,
    oidc,
    operation,
    pages,
    photos,
    resolve,
    roster,
    roster_desk,
    roster_files,
    roster_writes,
    search,
    session,
    shape,
    tiles,
    tokens,
)
from api.schemas.description import complete
from api.search.keeping import SearchKeeper
from api.tiles.base_maps import base_map_of
from api.tiles.keeping import TileKeeper
from gridsvc import __version__
from gridsvc.accounts.readings import Readings
from maps.assets import security_policy

MODULES = (
    # Looked through in this order: first what is asked most often.
    resolve,
    incidents,
    batch,
    shape,
    disputes,
    editions,
    exports,
    photos,
    fixes,
    drafts,
    draft_contents,
    jobs,
    live,
    roster,
    roster_desk,
    roster_files,
    roster_writes,
    search,
    session,
    oidc,
    accounts,
    tokens,
    audit,
    tiles,
    base_map,
    bodies,
    operation,
    pages,
)
DESCRIPTION = """From coordinates to the grid cell, the street chief and the competent departments, with reasons.

Coordinates are x, y (lon, lat) in a datum that is always said. Errors are `application/problem+json` with a stable
`type`. Who may do what: [rights](docs/rights).
"""


def create_app(services: Services) -> FastAPI:
    """An application over services that are already built. It follows the store from its start to its end."""
    app = Application(
        title=services.settings.city_name,
        summary="Grid management of a city",
        description=DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    _furnish(app, services)
    add_error_handlers(app)
    app.router.routes.extend(_all_routes())
    app.state.routes = [route for module in MODULES for route in module.router.routes]
    app.mount("/assets", pages.Assets(services.settings.page_dir), name="assets")
    app.add_middleware(Observed, app.state.metrics)
    base = app.state.base_map
    policy = security_policy(None if base is None else base.image_host)
    app.add_middleware(Headers, policy=policy)
    app.plain = Headers(Observed(PlainDoor(), app.state.metrics), policy)
    complete(app)
    return app


@cache
def _all_routes() -> list[BaseRoute]:
    """Every route with what is checked before it; put together for all applications of a process at its first request,
    which takes a tenth of a second.
    """
    together = APIRouter()
    for module in MODULES:
        checks = [] if module in {oidc, operation, pages} else [Depends(check_query)]
        together.include_router(module.router, dependencies=checks)
    return together.routes


def _furnish(app: FastAPI, services: Services) -> None:
    """What routes find in the application's state."""
    state, settings = app.state, services.settings
    state.services, state.live = services, Feed(services.store, services.settings.now)
    state.metrics, state.jobs = Metrics(services, state.live), Keeper(services.store, settings)
    state.callers, state.readings = Callers(services), Readings(services.store, settings.now)
    state.password_turns = PasswordTurns()
    state.grounds, state.oidc = Grounds(services), oidc.make_provider(settings)
    state.batches, state.shapes, state.tables = Turns(), Turns(), TablePages()
    state.photos, state.tracks, state.circles = Turns(), Turns(), Turns()
    state.layer_pages = LayerPages()
    state.tiles, state.search = TileKeeper(settings), SearchKeeper(services)
    state.base_map, state.forgetting = base_map_of(settings), Forgetting(services.store, settings)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """What goes on beside the requests."""
    state, stop = app.state, threading.Event()
    runs = {"follow-store": state.services.serving.run, "log-readings": state.readings.run}
    runs |= {"keep-worker": state.jobs.run, "keep-tiles": state.tiles.run, "keep-search": state.search.run}
    runs["forget-old"] = state.forgetting.run
    threads = [threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in runs.items()]
    for thread in threads:
        thread.start()
    try:
        async with state.live.running():
            yield
    finally:
        stop.set()
        for thread in threads:
            await to_thread.run_sync(thread.join)
