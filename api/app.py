"""The HTTP application: routes, handlers, headers, and the thread that follows the store."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import Depends, FastAPI

from api.access import Callers
from api.base_maps import base_map_of
from api.bootstrap import Services
from api.errors import add_error_handlers
from api.headers import Headers
from api.jobs.keeper import Keeper
from api.live.feed import Feed
from api.metrics import Metrics
from api.observing import Observed
from api.query import check_query
from api.roster_base import Grounds
from api.routes import (
    accounts,
    audit,
    base_map,
    batch,
    disputes,
    draft_contents,
    drafts,
    editions,
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
from api.schemas.openapi import complete
from api.search_keeping import SearchKeeper
from api.tile_keeping import TileKeeper
from api.turns import Turns
from gridsvc import __version__
from gridsvc.accounts.readings import Readings
from maps.assets import security_policy

MODULES = (
    resolve,
    batch,
    shape,
    disputes,
    editions,
    incidents,
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
    operation,
    pages,
)
DESCRIPTION = """From coordinates to the grid cell, the street chief and the competent departments, with reasons.

Coordinates are x, y (lon, lat) in a datum that is always said. Errors are `application/problem+json` with a stable
`type`.
"""


def create_app(services: Services) -> FastAPI:
    """An application over services that are already built. It follows the store from its start to its end."""
    feed = Feed(services.store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        runs = {"follow-store": services.serving.run, "log-readings": app.state.readings.run}
        runs["keep-worker"] = app.state.jobs.run
        runs |= {"keep-tiles": app.state.tiles.run, "keep-search": app.state.search.run}
        threads = [threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in runs.items()]
        for thread in threads:
            thread.start()
        try:
            async with feed.running():
                yield
        finally:
            stop.set()
            for thread in threads:
                await to_thread.run_sync(thread.join)

    app = FastAPI(
        title=services.settings.city_name,
        summary="Grid management of a city",
        description=DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services, app.state.live = services, feed
    app.state.metrics = Metrics(services, feed)
    app.state.jobs = Keeper(services.store, services.settings)
    app.state.callers, app.state.readings = Callers(services), Readings(services.store, services.settings.now)
    app.state.grounds, app.state.oidc = Grounds(services), oidc.make_provider(services.settings)
    app.state.batches, app.state.shapes = Turns(), Turns()
    app.state.photos, app.state.tracks = Turns(), Turns()
    app.state.tiles, app.state.search = TileKeeper(services.settings), SearchKeeper(services)
    app.state.base_map = base = base_map_of(services.settings)
    add_error_handlers(app)
    for module in MODULES:
        checks = [] if module in {oidc, operation, pages} else [Depends(check_query)]
        app.include_router(module.router, dependencies=checks)
    app.state.routes = [route for module in MODULES for route in module.router.routes]
    app.mount("/assets", pages.Assets(services.settings.page_dir), name="assets")
    app.add_middleware(Observed, app.state.metrics)
    app.add_middleware(Headers, policy=security_policy(None if base is None else base.image_host))
    complete(app)
    return app
