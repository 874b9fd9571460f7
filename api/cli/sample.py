"""`gridsvc sample`: fill an empty database with the invented city."""

from typing import Annotated

import typer

from api.bootstrap import edition_files, open_store, upgrade_database
from api.cli.options import CommitOption, JsonOption
from api.cli.terminal import progress_bar, put_json, say
from api.cli.tiles import cut_published
from api.schemas.documents import edition_document
from api.settings import load_settings
from geodata.sample_city.load import make_sample_city
from gridsvc.errors import Conflict


def sample(
    cells: Annotated[int, typer.Option(min=50, max=1_000_000, help="About how many cells.")] = 1500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 2026,
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put an invented city into an empty database and publish it."""
    settings = load_settings()
    if not commit:
        if as_json:
            put_json({"committed": False, "cells": cells, "seed": seed})
        say(f"Dry run: would make an invented city of about {cells} cells; add --commit.")
        return
    upgrade_database(settings)
    with open_store(settings) as store:
        if store.state().edition:
            raise Conflict("The database already has an edition: the sample city goes only into an empty one.")
        now = settings.now()
        with progress_bar("making the sample city") as progress:
            keep = edition_files(settings, store).keep
            edition = make_sample_city(
                store, seed=seed, cells=cells, now=now, today=now.date(), progress=progress, keep=keep
            )
    say(f"Made an invented city: {edition.counts.get('cells', 0)} cells, edition {edition.number}.")
    cut_published(settings, edition.number)
    if as_json:
        put_json({"committed": True, "seed": seed, **edition_document(edition, edition.number, settings.zone)})
