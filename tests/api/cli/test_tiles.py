"""What publishing leaves for the map: tiles of the edition, cut once."""

from pathlib import Path

from tests.api.cli.terminal import Terminal


def test_publishing_cuts_the_tiles_and_cutting_again_does_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.ok("sample", "--commit", "--cells", "60")
    [folder] = {path.parent for path in (tmp_path / "data" / "tiles").rglob("*.pmtiles")}
    names = {path.stem for path in folder.glob("*.pmtiles")}
    assert names == {"areas", "cells", "segments", "components", "places"}
    assert "there already" in terminal.run("tiles").stderr
    wrong = terminal.run("tiles", "--edition", "9")
    assert wrong.returncode != 0
    assert "there is no edition 9" in wrong.stderr
