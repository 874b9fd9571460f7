"""Draws the pages into a folder: `python -m maps.build_pages FOLDER --title CITY [--review-number NUMBER]`.

Run once before serving, in a process of its own, so that no worker imports folium; `maps.assets` finds the results.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from maps.pages import Page, draw_pages


def write_pages(pages: dict[str, Page], folder: Path) -> None:
    """Write pages; each file is replaced whole, and a page after what it loads, so that no reader sees half of it."""
    files = {f"assets/{name}": data for page in pages.values() for name, data in page.assets.items()}
    documents = {f"{name}.html": page.html.encode() for name, page in pages.items()}
    for name, data in {**files, **documents}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.fresh")
        fresh.write_bytes(data)
        fresh.replace(target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw and write; 0 when done."""
    parser = argparse.ArgumentParser(prog="python -m maps.build_pages", description="Draw the pages into a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--title", required=True, help="name of the city")
    parser.add_argument("--review-number", help="number under which the map was reviewed (审图号)")
    given = parser.parse_args(arguments)
    write_pages(draw_pages(given.title, review_number=given.review_number), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
