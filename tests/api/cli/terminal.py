"""Calls the real command in a process of its own, on a data folder of its own."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tests.fixtures.warm_terminal import WarmProcess, run_warm

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Terminal:
    """A terminal standing in `folder`; its database and data live there."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The settings of every command: nothing of the caller's own."""
        return {"GRIDSVC_DATA_DIR": str(self.folder / "data"), **self.settings}

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        return run_warm(arguments, self.folder, self._whole_environment(), stdin)

    def start(self, *arguments: str) -> WarmProcess:
        """One command, which goes on while others are started."""
        return WarmProcess(arguments, self.folder, self._whole_environment())

    def _whole_environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GRIDSVC_")}
        return clean | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | self.environment()

    def ok(self, *arguments: str) -> str:
        """A command that must end with 0; its standard output."""
        result = self.run(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> object:
        """The JSON document of a command that must end with 0."""
        return orjson.loads(self.ok(*arguments, "--json"))
