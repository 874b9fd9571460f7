"""The list of commands: quick to show, true to what is behind it, and deaf to what files would make a terminal do."""

import subprocess
import sys

import pytest

from api.cli.commands import COMMANDS, load
from api.cli.terminal import shown
from tests.api.cli.terminal import ROOT

HEAVY = {"alembic", "fastapi", "numpy", "pyarrow", "pydantic_settings", "shapely", "sqlalchemy", "uvicorn"}


def test_the_list_of_commands_loads_nothing_slow() -> None:
    script = f"import sys, api.cli; print(sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_the_beginning_of_its_help(name: str) -> None:
    assert " ".join(load(name).help.split()).startswith(COMMANDS[name][1].rstrip("."))


def test_a_name_from_a_file_does_not_steer_the_terminal() -> None:
    assert shown("a\x1b[31mb\u202e\x07.zip\t街\n") == "a�[31mb��.zip\t街\n"
