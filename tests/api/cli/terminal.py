"""Runs the real command in a process of its own, on a data folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Terminal:
    """A terminal standing in `folder`; its database and data live there."""

    folder: Path
    database_url: str | None = None

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        settings = {"GRIDSVC_DATA_DIR": str(self.folder / "data"), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        if self.database_url:
            settings["GRIDSVC_DATABASE_URL"] = self.database_url
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GRIDSVC_")}
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            cwd=self.folder,
            env=clean | settings,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=120,
            check=False,
        )

    def ok(self, *arguments: str) -> str:
        """A command that must end with 0; its standard output."""
        result = self.run(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> object:
        """The JSON document of a command that must end with 0."""
        return orjson.loads(self.ok(*arguments, "--json"))
