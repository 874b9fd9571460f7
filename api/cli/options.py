"""Options that several commands have."""

from typing import Annotated

import typer

DraftOption = Annotated[
    int | None, typer.Option("--draft", help="Number of the draft; the single open one if not said.")
]
CommitOption = Annotated[bool, typer.Option("--commit", help="Do it; without this nothing is changed.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
