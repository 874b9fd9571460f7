"""The terminal: `gridsvc COMMAND`. Data on stdout, talk on stderr, one clear line for an error, exit codes by kind.

0 done, 1 findings that block, 2 wrong use, 3 not ready. Commands that change the store are dry runs unless `--commit`.
"""

import sys

import typer

from api.cli.commands import Commands
from api.cli.terminal import exit_code, plain, say
from gridsvc.disk import is_full
from gridsvc.errors import GridError

app = typer.Typer(
    name="gridsvc",
    cls=Commands,
    help="Grid management: from coordinates to the people who answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _gridsvc() -> None:
    """Have the name alone mean nothing: what is done is said by a command."""


def main() -> None:
    """Run one command and leave with its exit code."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        _tell_wrong_use(error)
        sys.exit(error.exit_code)
    except GridError as error:
        say(f"gridsvc: {plain(error.message)}", style="bold red")
        sys.exit(exit_code(error))
    except OSError as error:
        # A folder that is not there or a file that may not be written was named wrong; a full disk was not.
        place = f"{error.filename}: " if error.filename else ""
        remedy = "; make room, for temporary files too" if is_full(error) else ""
        say(f"gridsvc: {place}{(error.strerror or str(error)).lower()}{remedy}", style="bold red")
        sys.exit(3 if is_full(error) else 2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)


def _tell_wrong_use(error: typer.TyperException) -> None:
    """One line, as for every other error; nothing where the help has been shown in its place."""
    context: typer.Context | None = getattr(error, "ctx", None)
    message = " ".join(plain(error.format_message()).split())
    if message:
        command = "gridsvc" if context is None else context.command_path
        say(f"gridsvc: {message.removesuffix('.')}; see `{command} --help`", style="bold red")
