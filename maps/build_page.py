"""Draws the city page into a folder: `python -m maps.build_page FOLDER --title CITY [--review-number NUMBER]`.

Run once before serving, in a process of its own, so that no worker imports folium; `maps.assets` finds the result.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from maps.city_map import Page, draw_city_page


def write_page(page: Page, folder: Path) -> None:
    """Write a page; each file is replaced whole, the page last, so that a reader never sees half of it."""
    files = {f"assets/{name}": data for name, data in page.assets.items()}
    for name, data in {**files, "index.html": page.html.encode()}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.fresh")
        fresh.write_bytes(data)
        fresh.replace(target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw and write; 0 when done."""
    parser = argparse.ArgumentParser(prog="python -m maps.build_page", description="Draw the city page into a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--title", required=True, help="name of the city")
    parser.add_argument("--review-number", help="number under which the map was reviewed (审图号)")
    given = parser.parse_args(arguments)
    write_page(draw_city_page(given.title, review_number=given.review_number), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
