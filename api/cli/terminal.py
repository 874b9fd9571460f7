"""How commands talk: progress and messages on stderr, data on stdout, and an exit code for each kind of error."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import orjson
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gridsvc.errors import Busy, GridError, LayerRefused, NotReady

if TYPE_CHECKING:  # a list of commands needs no geometry
    from gridsvc.ports import Progress as ProgressCall


_NAMED_WRONG = {"FILE_KIND_UNKNOWN", "FILE_MISSING", "SHAPEFILE_PART_ALONE", "TABLE_NOT_SAID", "TABLE_UNKNOWN"}
"""Findings about which file or table was named, before anything in one was looked at."""

_PLAIN = {
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": "a whole number is wanted",
    "Input should be a valid number, unable to parse string as a number": "a number is wanted",
    "Input should be a valid boolean, unable to interpret input": "true or false is wanted",
    "Input should be ": "it must be ",
}


class _Talk(Console):
    """Stderr. A reader who went away (`2>&1 | head`) ends the talk, not the work."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _send_nowhere(sys.stderr)


def talk(width: int | None = None, *, soft_wrap: bool = False) -> Console:
    """Where messages, findings and bars go."""
    return _Talk(stderr=True, width=width, soft_wrap=soft_wrap)


def is_terminal() -> bool:
    """Whether a person reads along."""
    return talk().is_terminal


def say(message: str, style: str | None = None) -> None:
    """One line to the person at the terminal."""
    talk(soft_wrap=True).print(shown(message), style=style, markup=False, highlight=False)


def shown(text: str) -> str:
    """Text without characters that steer a terminal: names of files and features come from others."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def put_json(document: Any) -> None:
    """One JSON document on stdout."""
    _put(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n")


def put_table(*rows: Sequence[str]) -> None:
    """Rows in columns on stdout, the first one as their heading. The last column is as wide as it likes."""
    told = [[shown(field) for field in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*told, strict=True)][:-1]
    for *fields, last in told:
        cells = [*(set_cell_size(field, width) for field, width in zip(fields, widths, strict=True)), last]
        _put("  ".join(cells).encode() + b"\n")


def _put(data: bytes) -> None:
    """To stdout. A reader who went away (`| head`) or never was changes nothing of what was done."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _send_nowhere(sys.stdout)


def _send_nowhere(stream: TextIO) -> None:
    """What else is written there, at the end of the process too, goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def progress_bar(label: str) -> "Iterator[ProgressCall]":
    """A bar while work goes on; nothing at all when stderr is no terminal."""
    console = talk()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def plain(message: str) -> str:
    """A refusal in words of whoever typed the value instead of the library's that read it."""
    for technical, words in _PLAIN.items():
        message = message.replace(technical, words)
    return message


def exit_code(error: GridError) -> int:
    """1 findings that block, 3 not ready, 2 wrong use; a refusal without findings is about what was asked."""
    if isinstance(error, LayerRefused) and {issue.code for issue in error.issues} - _NAMED_WRONG:
        return 1
    return 3 if isinstance(error, NotReady | Busy) else 2
