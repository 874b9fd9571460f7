"""One serving process: uvicorn with uvloop and httptools, ended gracefully by SIGINT or SIGTERM."""

import logging

import uvicorn

from api.app import create_app
from api.bootstrap import build_services
from api.city_page import prepare_city_page
from api.settings import Settings
from gridsvc.errors import NotAllowed

FINISH_S = 10


def check_bind(settings: Settings) -> None:
    """Raise NotAllowed for an address beyond this machine: there are no accounts yet that would guard it."""
    if not settings.is_loopback:
        raise NotAllowed(
            f"GRIDSVC_HOST={settings.host} would be reachable from outside, and there are no accounts yet: "
            "listen on 127.0.0.1 and let a reverse proxy that knows its users stand before it."
        )


def run_server(settings: Settings) -> None:
    """Serve until stopped. Raises NotAllowed for a bind that is not safe, NotReady without a usable database."""
    check_bind(settings)
    services = build_services(settings)
    try:
        prepare_city_page(settings)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(services),
                host=settings.host,
                port=settings.port,
                root_path=settings.root_path,
                loop="uvloop",
                http="httptools",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=FINISH_S,
            )
        )
        server.run()
    finally:
        services.store.close()
