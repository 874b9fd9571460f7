"""A city brought in through the real terminal, then opened for questions in this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from api.bootstrap import Services, build_services
from api.settings import load_settings
from tests.api.cli.terminal import Terminal


def new_city(folder: Path, **settings: str) -> Terminal:
    """A terminal on an empty database in `folder`; settings without their prefix."""
    terminal = Terminal(folder, settings={f"GRIDSVC_{name.upper()}": value for name, value in settings.items()})
    terminal.ok("db", "upgrade")
    return terminal


@contextmanager
def opened(terminal: Terminal) -> Iterator[Services]:
    """The services over that terminal's database, with the edition in force loaded."""
    given: Mapping[str, str] = {name.removeprefix("GRIDSVC_").lower(): v for name, v in terminal.environment().items()}
    services = build_services(load_settings(**given))
    try:
        services.serving.refresh()
        yield services
    finally:
        services.store.close()
