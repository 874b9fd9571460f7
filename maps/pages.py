"""The pages: a folium map each, in the frame that all of them share; what they show comes through `static/js/`."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from maps.assets import PAGES, static_folder
from maps.bundles import are_bundled
from maps.figure import FigureParts, take_apart
from maps.local_map import LocalMap

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the files that it loads, by their path below `assets/`."""

    html: str
    assets: dict[str, bytes]


def draw_pages(title: str, *, review_number: str | None = None) -> dict[str, Page]:
    """Every page of a city by its name; the same arguments give the same bytes.

    `title` is the city's name, `review_number` the number under which its map was reviewed (审图号), shown on the map.
    Maps open on the extent of the edition in force, which the pages ask for.
    """
    return {name: _draw(name, title, review_number) for name in PAGES}


def _draw(name: str, title: str, review_number: str | None) -> Page:
    parts = _draw_map()
    # Named in the page, the modules load side by side instead of one import after the other; workers load themselves.
    folders = [static_folder() / "js" / folder for folder in ("shared", name)]
    files = [file for folder in folders for file in sorted(folder.glob("*.js")) if not file.stem.endswith("_worker")]
    modules = [f"{file.parent.name}/{file.name}" for file in files]
    template = _TEMPLATES.get_template(f"{name}.html")
    html = template.render(
        page=name,
        pages=tuple(PAGES),
        title=title,
        review_number=review_number,
        parts=parts,
        modules=modules,
        bundled=are_bundled(),
        styles=PAGES[name],
    )
    texts = {"map.js": parts.script, "map.css": parts.style}
    return Page(html, {file: _lines(text) for file, text in texts.items() if text.strip()})


def _draw_map() -> FigureParts:
    city = LocalMap(
        "city",
        location=[0, 0],
        zoom_start=3,
        zoom_control=False,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.5,
    )
    return take_apart(city)


def _lines(text: str) -> bytes:
    """The lines of a rendered figure without folium's indentation, for a stable and readable file."""
    lines = (line.strip() for line in text.splitlines())
    return ("\n".join(line for line in lines if line) + "\n").encode()
