"""`gridsvc tiles`: cut the vector tiles of an edition."""

from typing import Annotated

import typer

from api.bootstrap import open_store
from api.cli.editions import newest_edition
from api.cli.options import JsonOption
from api.cli.terminal import progress_bar, put_json, say
from api.settings import Settings, load_settings
from api.tiles.cutting import cut_edition


def tiles(
    edition: Annotated[int | None, typer.Option(help="Which edition; the newest if not said.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Cut the vector tiles of an edition where they lack; publishing does so by itself."""
    settings = load_settings()
    with open_store(settings) as store:
        number = edition if edition is not None else newest_edition(store)
        with progress_bar("cutting tiles") as progress:
            made = cut_edition(store, settings, number, progress)
    if as_json:
        put_json({"edition": number, "cut": made})
    say(f"The tiles of edition {number} are {'cut' if made else 'there already'}.")


def cut_published(settings: Settings, number: int) -> None:
    """What follows publishing. A full disk undoes nothing: a serving process cuts what lacks when it is asked."""
    try:
        with open_store(settings) as store, progress_bar("cutting tiles") as progress:
            cut_edition(store, settings, number, progress)
    except OSError as error:
        say(
            f"The tiles could not be cut ({error.strerror}); the service will do so. The edition is published.",
            "yellow",
        )
