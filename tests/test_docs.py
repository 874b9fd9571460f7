"""The README names what there is: settings, commands and packages."""

from pathlib import Path

import typer

from api.cli import app, user
from api.settings import Settings

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_readme() -> None:
    assert not [name for name in Settings.model_fields if f"`GRIDSVC_{name.upper()}`" not in README]


def test_every_command_is_in_the_readme() -> None:
    group = typer.main.get_command(app)
    names = {"db upgrade" if name == "db" else name for name in group.commands}  # type: ignore[attr-defined]
    names |= typer.main.get_command(user.app).commands.keys()  # type: ignore[attr-defined]
    assert not [name for name in names if f"`{name}`" not in README]


def test_every_picture_of_the_readme_is_there() -> None:
    folder = Path(__file__).resolve().parents[1]
    pictures = [line.split("](")[1].rstrip(")") for line in README.splitlines() if line.startswith("![")]
    assert pictures
    assert all((folder / picture).is_file() for picture in pictures)
