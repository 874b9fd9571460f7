"""Draws the pages before serving, in a process of its own, and only when what they are drawn from has changed."""

import hashlib
import logging
import subprocess
import sys

from api.settings import Settings
from maps.assets import PAGES, find_page, static_folder
from maps.bundles import are_bundled

DRAWING_S = 120
STAMP = ".drawn-from"
_log = logging.getLogger(__name__)


def prepare_pages(settings: Settings) -> None:
    """Bring the pages in the data folder up to date. A failure is logged: the API serves without them as well."""
    stamp, digest = settings.page_dir / STAMP, digest_of_pages(settings)
    drawn = all(find_page(name, settings.page_dir) is not None for name in PAGES)
    if drawn and stamp.is_file() and stamp.read_text("utf-8") == digest:
        return
    command = [sys.executable, "-m", "maps.build_pages", str(settings.page_dir), "--title", settings.city_name]
    if settings.map_review_number:
        command += ["--review-number", settings.map_review_number]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DRAWING_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        _log.exception("the pages took too long to draw")
        return
    if done.returncode:
        _log.error("the pages could not be drawn: %s", done.stderr.strip())
        return
    stamp.write_text(digest, "utf-8")


def digest_of_pages(settings: Settings) -> str:
    """What the pages are made from: the code that draws them, their modules' names or bundles, and what it is told."""
    maps = static_folder().parent
    sources = sorted([*maps.glob("*.py"), *maps.glob("templates/*")])
    names = "".join(sorted(str(path.relative_to(maps)) for path in maps.glob("static/js/*/*.js")))
    told = repr((settings.city_name, settings.map_review_number, names, are_bundled())).encode()
    return hashlib.sha256(told + b"".join(path.read_bytes() for path in sources)).hexdigest()
