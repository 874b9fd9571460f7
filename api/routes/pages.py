"""The pages, the API's page at `/docs`, and the files that they load. Nothing is drawn for a request."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.access.allowing import services_of
from api.http.markdown import html_of
from gridsvc.accounts.rights_page import draw_rights_page
from gridsvc.errors import NotReady
from maps.assets import PAGES, find_asset, find_page

_STATIC = Path(__file__).parent.parent / "static"
_REVALIDATE = {"Cache-Control": "no-cache"}
router = APIRouter(include_in_schema=False)


class Assets(StaticFiles):
    """`/assets/`: drawn files, our modules and third-party ones, with ETag and 304; no path leaves them."""

    def __init__(self, page_dir: Path) -> None:
        super().__init__(check_dir=False)
        self._page_dir = page_dir

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file lies, as `StaticFiles` wants it."""
        try:
            file = find_asset(path, self._page_dir)
        except (ValueError, OSError):
            file = None
        return ("", None) if file is None else (str(file), file.stat())

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """The file, to be asked for again each time: names carry no version."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(_REVALIDATE)
        return response


def _page_route(name: str) -> Callable[[Request], Response]:
    def show_page(request: Request) -> Response:
        """A page as drawn before the start."""
        page = find_page(name, services_of(request).settings.page_dir)
        if page is None:
            raise NotReady("The pages have not been drawn; `gridsvc serve` draws them when it starts.")
        return FileResponse(page, headers=_REVALIDATE, media_type="text/html")

    return show_page


for _name in PAGES:
    router.add_api_route("/" if _name == "console" else f"/{_name}", _page_route(_name), name=f"show_{_name}")


@router.get("/docs")
def show_docs() -> Response:
    """The API to read and try."""
    return FileResponse(_STATIC / "docs.html", headers=_REVALIDATE, media_type="text/html")


@router.get("/docs/start.js")
def load_docs() -> Response:
    """What starts the reader; a file of its own, since the policy allows no script inside a page."""
    return FileResponse(_STATIC / "docs.js", headers=_REVALIDATE, media_type="text/javascript")


@router.get("/docs/rights")
def show_rights() -> Response:
    """Who may do what, as in `docs/rights.md`."""
    return HTMLResponse(_rights(), headers=_REVALIDATE)


@cache
def _rights() -> str:
    return Template((_STATIC / "rights.html").read_text("utf-8")).substitute(page=html_of(draw_rights_page()))
