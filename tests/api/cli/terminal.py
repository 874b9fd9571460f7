"""Runs the real command in a process of its own, on a data folder of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

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
        with self.start(*arguments) as process:
            output, talk = process.communicate(stdin, timeout=900)
        return subprocess.CompletedProcess(arguments, process.returncode, output, talk)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """One command, which goes on while others are started."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GRIDSVC_")}
        return subprocess.Popen(
            [sys.executable, "-m", "api.cli", *arguments],
            cwd=self.folder,
            env=clean | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ok(self, *arguments: str) -> str:
        """A command that must end with 0; its standard output."""
        result = self.run(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> object:
        """The JSON document of a command that must end with 0."""
        return orjson.loads(self.ok(*arguments, "--json"))
