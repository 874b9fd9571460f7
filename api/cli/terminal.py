"""How commands talk: progress and messages on stderr, data on stdout, and an exit code for each kind of error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gridsvc.errors import Busy, GridError, LayerRefused, NotReady

if TYPE_CHECKING:  # a list of commands needs no geometry
    from gridsvc.ports import Progress as ProgressCall


def say(message: str, style: str | None = None) -> None:
    """One line to the person at the terminal."""
    Console(stderr=True, soft_wrap=True).print(shown(message), style=style, markup=False, highlight=False)


def shown(text: str) -> str:
    """Text without characters that steer a terminal: names of files and features come from others."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def put_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def progress_bar(label: str) -> "Iterator[ProgressCall]":
    """A bar while work goes on; nothing at all when stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def exit_code(error: GridError) -> int:
    """1 findings that block, 3 not ready, 2 wrong use."""
    if isinstance(error, LayerRefused):
        return 1
    return 3 if isinstance(error, NotReady | Busy) else 2
