"""`gridsvc resolve` in the process of the test, always for the same instant."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from tests.api.cli.resolving.stepwise import AT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(city_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`gridsvc resolve` in this process, in a folder of its own: exit code, stdout, stderr."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in [name for name in os.environ if name.startswith("GRIDSVC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDSVC_DATA_DIR", str(city_folder))

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridsvc", "resolve", *arguments, "--at", AT])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


def done(run: Run, *arguments: str) -> str:
    code, out, err = run(*arguments)
    assert code == 0, err
    return out
