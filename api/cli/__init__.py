"""The terminal: `gridsvc COMMAND`. Data on stdout, talk on stderr, one clear line for an error, exit codes by kind.

0 done, 1 findings that block, 2 wrong use, 3 not ready. Commands that change the store are dry runs unless `--commit`.
"""

import os
import sys

import typer

from api.cli import database, layers, places, publishing, service
from api.cli.terminal import say
from api.errors import exit_code
from gridsvc.errors import GridError

app = typer.Typer(
    name="gridsvc",
    help="Grid management: from coordinates to the people who answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (service, layers, publishing, places):
    module.register(app)
app.add_typer(database.app, name="db")


def main() -> None:
    """Run one command and leave with its exit code."""
    try:
        app()
    except GridError as error:
        say(f"gridsvc: {error.message}", style="bold red")
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
