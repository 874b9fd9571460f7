"""All commands by name. What one needs is imported when it is called: together it takes seconds, `--help` must not."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "demo": ("api.cli.service:demo", "Make the invented city when the database is empty, and serve it."),
    "serve": ("api.cli.service:serve", "Serve the database of the settings."),
    "sample": ("api.cli.sample:sample", "Put an invented city into an empty database and publish it."),
    "import": ("api.cli.layers:import_", "Bring files into a draft (layers) or the roster (tables)."),
    "check": ("api.cli.publishing:check", "Check a draft, or the newest edition when no draft is open."),
    "accept": ("api.cli.publishing:accept", "Accept findings that are no faults, with a reason."),
    "publish": ("api.cli.publishing:publish", "Check a draft and publish all of its layers at once."),
    "restore": (
        "api.cli.operation:restore",
        "Bring a backup back, or publish the content of an older edition again as a new one.",
    ),
    "backup": ("api.cli.operation:backup", "Write the whole database to a file, verified by opening it."),
    "doctor": ("api.cli.doctor:doctor", "Look at database, clock, edition, outbox, jobs, disk, pages and base map."),
    "tiles": ("api.cli.tiles:tiles", "Cut the vector tiles of an edition where they lack."),
    "resolve": ("api.cli.resolving.command:resolve", "Resolve every point of a file."),
    "export": ("api.cli.layers:export", "Write a layer of an edition, or a roster table, to a file."),
    "bench": ("api.cli.bench:bench", "Measure how many places of this city are resolved a second"),
    "user": ("api.cli.user:app", "Accounts: who may work with the service, and tokens of devices."),
    "db": ("api.cli.database:app", "The database's schema."),
    "work": ("api.cli.work:work", ""),
}
"""Name, where the function (or group) is, and the line that the list of commands shows; none: it is hidden."""


class Commands(TyperGroup):
    """Knows names and lines; loads the one command that is called."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = {name: TyperCommand(name, help=line, hidden=not line) for name, (_, line) in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As the framework does it, with the real command at last."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else None, rest


def load(name: str) -> Any:
    """The command of a name in COMMANDS, ready to be called."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)
