"""The city map at `/`: a folium map in the frame that all pages share; layers and answers come through `static/js/`."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from maps.assets import static_folder
from maps.figure import take_apart
from maps.local_map import LocalMap

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the files that it loads, by their path below `assets/`."""

    html: str
    assets: dict[str, bytes]


def draw_city_page(title: str, *, review_number: str | None = None) -> Page:
    """The page of a city; the same arguments give the same bytes.

    `title` is the city's name, `review_number` the number under which its map was reviewed (审图号), shown on the map.
    The map opens on the extent of the edition in force, which the page asks for.
    """
    city = LocalMap(
        "city",
        location=[0, 0],
        zoom_start=3,
        zoom_control=False,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.5,
    )
    parts = take_apart(city)
    # Named in the page, the modules load side by side instead of one import after the other.
    modules = sorted(file.name for file in (static_folder() / "js").glob("*.js"))
    html = _TEMPLATES.get_template("city.html").render(
        title=title, review_number=review_number, parts=parts, modules=modules
    )
    texts = {"city.js": parts.script, "city.css": parts.style}
    return Page(html, {name: _file(text) for name, text in texts.items() if text.strip()})


def _file(text: str) -> bytes:
    """The lines of a rendered figure without folium's indentation, for a stable and readable file."""
    lines = (line.strip() for line in text.splitlines())
    return ("\n".join(line for line in lines if line) + "\n").encode()
