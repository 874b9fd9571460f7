"""One serving process, alone or one of several: uvicorn with uvloop and httptools, ended gracefully by a signal."""

import signal
import socket
import sys
from contextlib import suppress
from importlib.abc import MetaPathFinder

import uvicorn

from api.app import create_app
from api.bootstrap import build_services
from api.http.connections import PatientProtocol
from api.live.feed import Feed
from api.operation.logs import configure_logs
from api.page_drawing import prepare_pages
from api.settings import Settings
from gridsvc.accounts.manage import can_manage
from gridsvc.errors import NotAllowed, NotReady
from gridsvc.ports.accounts import AccountStore

FINISH_S = 10
HEAVY = frozenset({"pandas", "geopandas", "folium"})


def check_bind(settings: Settings, store: AccountStore) -> None:
    """Raise NotAllowed for an address beyond this machine: for the demo always, else without an ADMIN who guards it."""
    if settings.is_loopback:
        return
    if settings.demo:
        raise NotAllowed(
            f"GRIDSVC_HOST={settings.host} would show the demo, where everybody may be anybody, to others: "
            "listen on 127.0.0.1, or serve with accounts (`gridsvc serve` without GRIDSVC_DEMO)."
        )
    if not can_manage(store.list_accounts()):
        raise NotAllowed(
            f"GRIDSVC_HOST={settings.host} would be reachable from outside, and no account of an ADMIN guards it: "
            "make one with `gridsvc user add LOGIN --role ADMIN --commit`, or listen on 127.0.0.1."
        )


class NoHeavyImports(MetaPathFinder):
    """Refuses what a worker must not load: it costs seconds and some 100 MB.

    pyarrow loads pandas by itself at the first batch wherever it is installed, and does without where it is not.
    """

    def find_spec(self, name: str, path: object, target: object = None) -> None:  # noqa: ARG002
        """Let every other name pass."""
        if name in HEAVY:
            raise ModuleNotFoundError(f"{name} is not for serving workers", name=name)


class Server(uvicorn.Server):
    """uvicorn's, which waits for all answers before it ends: live streams end at its first step."""

    def __init__(self, live: Feed, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does it, without streams to wait for."""
        self._live.close()
        await super().shutdown(sockets)


def run_server(settings: Settings) -> None:
    """Serve until stopped. Raises NotAllowed for a bind that is not safe, NotReady without a usable database."""
    configure_logs()
    _serve(settings, None)


def serve_worker(settings: Settings, listening: socket.socket) -> None:
    """Serve one of several processes on a socket that listens already, from when the edition in force is open."""
    configure_logs()
    # Ctrl-C goes to all processes of a terminal; the one that started the workers tells them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(settings, listening)


def _serve(settings: Settings, listening: socket.socket | None) -> None:
    sys.meta_path.insert(0, NoHeavyImports())
    services = build_services(settings)
    try:
        check_bind(settings, services.store)
        prepare_pages(settings)
        if listening is not None:
            with suppress(NotReady):  # an empty city, which is served so that it can be filled
                services.serving.refresh()
        app = create_app(services)
        server = Server(
            app.state.live,
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                root_path=settings.root_path,
                loop="uvloop",
                http=PatientProtocol,
                log_config=None,
                access_log=False,
                forwarded_allow_ips=settings.trusted_proxies,
                server_header=False,
                timeout_graceful_shutdown=FINISH_S,
            ),
        )
        # uvicorn raises the signal again when all is finished; without a handler that would end us before `finally`.
        signal.signal(signal.SIGTERM, lambda *_: None)
        server.run(None if listening is None else [listening])
    finally:
        services.store.close()
