"""The HTTP application: routes, handlers, headers, and the thread that follows the store."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import Depends, FastAPI

from api.access import Callers
from api.bootstrap import Services
from api.errors import add_error_handlers
from api.headers import Headers
from api.query import check_query
from api.routes import batch, editions, operation, pages, resolve, roster, session, shape
from api.schemas.openapi import complete
from api.turns import Turns
from gridsvc import __version__

MODULES = (resolve, batch, shape, editions, roster, session, operation, pages)
DESCRIPTION = """From coordinates to the grid cell, the street chief and the competent departments, with reasons.

Coordinates are x, y (lon, lat) in a datum that is always said. Errors are `application/problem+json` with a stable
`type`.
"""


def create_app(services: Services) -> FastAPI:
    """An application over services that are already built. It follows the store from its start to its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        follower = threading.Thread(target=services.serving.run, args=(stop,), name="follow-store", daemon=True)
        follower.start()
        try:
            yield
        finally:
            stop.set()
            await to_thread.run_sync(follower.join)

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
    app.state.services = services
    app.state.callers = Callers(services)
    app.state.batches, app.state.shapes = Turns(), Turns()
    add_error_handlers(app)
    for module in MODULES:
        checks = [] if module in {operation, pages} else [Depends(check_query)]
        app.include_router(module.router, dependencies=checks)
    app.state.routes = [route for module in MODULES for route in module.router.routes]
    app.mount("/assets", pages.Assets(services.settings.page_dir), name="assets")
    app.add_middleware(Headers)
    complete(app)
    return app
