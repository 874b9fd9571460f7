"""`gridsvc backup` and `restore`: keeping what is there, and bringing it back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import back_up, bring_back, check_backup
from api.cli.options import CommitOption, JsonOption
from api.cli.publishing import AtOption, restore_edition
from api.cli.terminal import put_json, say
from api.settings import load_settings
from gridsvc.errors import InvalidInput


def backup(
    file: Annotated[Path, typer.Argument(help="A new file; it will hold personal data.")],
    as_json: JsonOption = False,
) -> None:
    """Write the whole database to a file, verified by opening it, while the service goes on."""
    if not file.absolute().parent.is_dir():
        raise InvalidInput(f"the folder {file.absolute().parent} is not there.")
    facts = back_up(load_settings(), file.absolute())
    if as_json:
        put_json(asdict(facts))
    say(f"Wrote {file.absolute()}, {facts.size_bytes / 1024**2:.1f} MB, verified.")
    say("Base maps, drawn pages and tiles are not in it: they are made again.")


def restore(
    what: Annotated[str, typer.Argument(help="A backup file; or the number of an edition to publish again.")],
    at: AtOption = None,
    replace: Annotated[bool, typer.Option(help="Put a database with content aside and take its place.")] = False,
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a backup back, or publish the content of an older edition again as a new one."""
    if what.isdecimal():
        restore_edition(int(what), at, commit, as_json)
        return
    file = Path(what)
    if not file.is_file():
        raise InvalidInput(f"{what}: there is no such file; an edition is named by its number.")
    if at is not None:
        raise InvalidInput("--at belongs to an edition: a backup is in force at once.")
    if not commit:
        check_backup(load_settings(), file.absolute(), replace=replace)
        aside = " and keep the one before beside it" if replace else ""
        say(f"Dry run: would make {file.absolute()} the database{aside}; stop the service first, then add --commit.")
        return
    kept = bring_back(load_settings(), file.absolute(), replace=replace)
    say(
        f"The database is that of {file.absolute()}."
        + ("" if kept is None else f" The one before is kept as {kept.absolute()}.")
    )
    say("Everybody signs in again. Passwords, accounts and tokens are as they were then: close and revoke anew.")
