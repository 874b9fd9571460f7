"""What publishing leaves for the map: tiles of the edition, cut once."""

from pathlib import Path

from tests.api.cli.terminal import Terminal


def test_publishing_cuts_the_tiles_and_cutting_again_does_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    assert terminal.json("sample", "--cells", "60") == {"committed": False, "cells": 60, "seed": 2026}
    made = terminal.json("sample", "--commit", "--cells", "60")
    assert isinstance(made, dict)
    assert (made["committed"], made["number"]) == (True, 1)
    [folder] = {path.parent for path in (tmp_path / "data" / "tiles").rglob("*.pmtiles")}
    names = {path.stem for path in folder.glob("*.pmtiles")}
    assert names == {"areas", "cells", "segments", "components", "places"}
    assert "there already" in terminal.run("tiles").stderr
    assert terminal.json("tiles") == {"edition": 1, "cut": False}
    wrong = terminal.run("tiles", "--edition", "9")
    assert wrong.returncode != 0
    assert "there is no edition 9" in wrong.stderr
