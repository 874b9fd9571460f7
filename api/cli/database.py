"""`gridsvc db upgrade`: bring the database to the schema of this release."""

import typer

from api.bootstrap import upgrade_database
from api.cli.options import JsonOption
from api.cli.terminal import put_json, say
from api.settings import load_settings

app = typer.Typer(help="The database's schema.", no_args_is_help=True, add_completion=False)


@app.callback()
def _db() -> None:
    """Keep `upgrade` a command of its own."""


@app.command()
def upgrade(as_json: JsonOption = False) -> None:
    """Create or upgrade the tables; harmless when they are current.

    At once, without --commit: nothing that is kept gets lost, and no other command works before it.
    """
    schema = upgrade_database(load_settings())
    if as_json:
        put_json({"schema": schema})
    say(f"The database is at schema {schema}.")
