"""Where a serving worker finds the pages and what they load; imports neither folium nor anything slow.

Pages are drawn once, by a short process of its own (`python -m maps.build_pages FOLDER --title CITY`), because folium
takes seconds and tens of megabytes to import. The worker then only hands out files:

- `/` is `find_page("console", folder)`, and so on for the names in `PAGES`;
- `/assets/<path>` is `find_asset(path, folder)`: the folder's drawn files first, then `maps/static/` with its modules
  and styles, and in it `vendor/`, which `python -m maps.build_assets` fills from npm.

File names carry no version, so they are to be served with an ETag and `Cache-Control: no-cache`.
`CONTENT_SECURITY_POLICY` is what all of it works under: nothing inline, nothing from another host. The pages' addresses
are relative, so that they work below a root path as long as their own addresses stand directly below it.
"""

from pathlib import Path

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def security_policy(image_host: str | None) -> str:
    """The policy, with the one other host that pictures of the base map may come from."""
    own = "img-src 'self' data:"
    return (
        CONTENT_SECURITY_POLICY if image_host is None else CONTENT_SECURITY_POLICY.replace(own, f"{own} {image_host}")
    )


PAGES: dict[str, tuple[str, ...]] = {
    "console": ("search", "map", "answer", "console", "record", "wall"),
    "field": ("map", "answer", "record", "field"),
    "roster": ("search", "map", "answer", "roster"),
}
"""Every page: its name, which is also that of its template, its modules' folder and its address, and its styles."""


def static_folder() -> Path:
    """The committed modules and styles, and below `vendor/` the third-party files when they are built."""
    return Path(__file__).parent / "static"


def vendor_is_built() -> bool:
    """Whether the third-party files are there; without them the page stays blank, so say so before serving."""
    return (static_folder() / "vendor" / "leaflet" / "leaflet.js").is_file()


def find_page(name: str, folder: Path) -> Path | None:
    """A drawn page of `folder`, or None before `maps.build_pages` has written it."""
    page = folder / f"{name}.html"
    return page if page.is_file() else None


def find_asset(path: str, folder: Path) -> Path | None:
    """The file behind `/assets/<path>`, or None; a path that leaves the two folders finds nothing."""
    for root in (folder / "assets", static_folder()):
        file = (root / path).resolve()
        if file.is_relative_to(root.resolve()) and file.is_file():
            return file
    return None
