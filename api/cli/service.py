"""`gridsvc demo` and `serve`: start the service."""

import errno
import socket
import subprocess
import sys
import threading
from typing import Annotated

import typer

from api.bootstrap import open_store, upgrade_database
from api.cli.terminal import say
from api.server import check_bind, run_server
from api.settings import Settings, load_settings
from api.workers import run_workers
from geodata.sample_city import CITY_NAME
from gridsvc.accounts.demo import add_demo_accounts
from gridsvc.accounts.manage import Doer, can_manage
from gridsvc.errors import NotReady
from gridsvc.index.warm import warm_up_early
from gridsvc.model.accounts import Caller


def demo(
    cells: Annotated[
        int, typer.Option(min=50, max=1_000_000, help="About how many cells the invented city gets.")
    ] = 1500,
    port: Annotated[int | None, typer.Option(help="Port on the loopback; GRIDSVC_PORT otherwise.")] = None,
) -> None:
    """Make the invented city when the database is empty, and serve it on the loopback for everybody to read."""
    settings = _demo_settings({} if port is None else {"port": port})
    check_port(settings)
    upgrade_database(settings)
    with open_store(settings) as store:
        check_bind(settings, store)
        empty = store.state().edition == 0
    if empty:
        # Beside making the city: compiling the kernels takes as long, once on a machine.
        threading.Thread(target=warm_up_early, daemon=True).start()
        _make_sample(cells)
    with open_store(settings) as store:
        now = settings.now()
        add_demo_accounts(store, Doer(caller=Caller(), at=now, door="demo"), now.date())
    _tell_addresses(settings)
    _run(settings)


def serve() -> None:
    """Serve the database of the settings."""
    settings = load_settings()
    check_port(settings)
    with open_store(settings) as store:
        check_bind(settings, store)
        if store.find_edition_in_force(settings.now()) is None:
            say("No edition is in force: import layers and publish them, or nothing can be resolved.")
        if not can_manage(store.list_accounts()):
            say("Nobody may manage accounts yet: gridsvc user add LOGIN --role ADMIN --commit")
    _tell_addresses(settings)
    _run(settings)


def _run(settings: Settings) -> None:
    if settings.workers == 1:
        run_server(settings)
    else:
        run_workers(settings)


def _tell_addresses(settings: Settings) -> None:
    """For who stands at the terminal; port 0 is one that only the system knows."""
    if settings.port:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{settings.port}{settings.root_path}"
        say(f"Open {address}/ (desk), {address}/field (phone), {address}/roster or {address}/docs. Ctrl-C ends it.")


def check_port(settings: Settings) -> None:
    """Raise NotReady where nobody can listen at the address of the settings, before any work is done for it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"port {settings.port} is taken; stop what listens there, or set GRIDSVC_PORT to another",
            errno.EACCES: f"port {settings.port} needs more rights; set GRIDSVC_PORT to one from 1024 on",
        }
        reason = reasons.get(error.errno or 0, f"{settings.host} is no address of this machine; check GRIDSVC_HOST")
        raise NotReady(reason) from error


def _demo_settings(given: dict[str, int]) -> Settings:
    """Open to read, and named as the invented city is where no other name was set."""
    named = {} if "city_name" in load_settings().model_fields_set else {"city_name": CITY_NAME}
    return load_settings(demo=True, public_read=True, **named, **given)


def _make_sample(cells: int) -> None:
    """In a process of its own: what makes a city takes memory that a serving process would keep."""
    done = subprocess.run([sys.executable, "-m", "api.cli", "sample", "--commit", "--cells", str(cells)], check=False)  # noqa: S603
    if done.returncode:
        raise typer.Exit(done.returncode)
