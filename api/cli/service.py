"""`gridsvc demo`, `serve`, `sample`: start the service, or fill it with the invented city."""

from typing import Annotated

import typer

from api.bootstrap import open_store, upgrade_database
from api.cli.terminal import progress_bar, say
from api.server import run_server
from api.settings import Settings, load_settings
from geodata.sample_city import CITY_NAME
from gridsvc.errors import Conflict


def demo(
    cells: Annotated[int, typer.Option(help="About how many cells the invented city gets.")] = 1500,
    port: Annotated[int | None, typer.Option(help="Port on the loopback; GRIDSVC_PORT otherwise.")] = None,
) -> None:
    """Make the invented city when the database is empty, and serve it on the loopback for everybody to read."""
    settings = _demo_settings({} if port is None else {"port": port})
    upgrade_database(settings)
    with open_store(settings) as store:
        empty = store.state().edition == 0
    if empty:
        _make_sample(settings, seed=2026, cells=cells)
    run_server(settings)


def serve() -> None:
    """Serve the database of the settings."""
    run_server(load_settings())


def sample(
    cells: Annotated[int, typer.Option(min=50, max=1_000_000, help="About how many cells.")] = 1500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 2026,
    commit: Annotated[bool, typer.Option("--commit", help="Do it; without this nothing is changed.")] = False,
) -> None:
    """Put an invented city into an empty database and publish it."""
    settings = load_settings()
    if not commit:
        say(f"Dry run: would make an invented city of about {cells} cells; add --commit.")
        return
    upgrade_database(settings)
    with open_store(settings) as store:
        if store.state().edition:
            raise Conflict("The database already has an edition: the sample city goes only into an empty one.")
    _make_sample(settings, seed, cells)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (demo, serve, sample):
        app.command()(command)


def _demo_settings(given: dict[str, int]) -> Settings:
    """Open to read, and named as the invented city is where no other name was set."""
    named = {} if "city_name" in load_settings().model_fields_set else {"city_name": CITY_NAME}
    return load_settings(demo=True, public_read=True, **named, **given)


def _make_sample(settings: Settings, seed: int, cells: int) -> None:
    from geodata.sample_city.load import make_sample_city  # noqa: PLC0415 - a start with data must not load it

    now = settings.now()
    with open_store(settings) as store, progress_bar("making the sample city") as progress:
        edition = make_sample_city(store, seed=seed, cells=cells, now=now, today=now.date(), progress=progress)
    say(f"Made an invented city: {edition.counts.get('cells', 0)} cells, edition {edition.number}.")
