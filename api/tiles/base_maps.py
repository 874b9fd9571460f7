"""The base map below the city's own layers: a template of another host, or tiles of a folder or archive served here."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from api.settings import Settings
from geodata.tiles.archive import Archive
from gridsvc.errors import InvalidInput

SUFFIXES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
USUAL_ZOOM = 18
"""How deep templates of other hosts usually go; beyond it their tiles are shown enlarged."""

_NUMBER = re.compile(r"\d{1,2}")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True)
class Tile:
    """A picture as it is stored."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class BaseMap:
    """What `GRIDSVC_TILES_URL` says: exactly one of `template`, `folder` and `file` is there."""

    datum: str
    attribution: str | None
    template: str | None = None
    folder: Path | None = None
    file: Path | None = None

    @property
    def kind(self) -> str:
        """template, folder or pmtiles."""
        return "template" if self.template else "folder" if self.folder else "pmtiles"

    @property
    def image_host(self) -> str | None:
        """The other host that a page must be allowed to load pictures from; None where there is none."""
        return None if self.template is None else f"https://{urlsplit(self.template).netloc}"

    @cached_property
    def zooms(self) -> tuple[int, int]:
        """(least, greatest) zoom with tiles. Raises InvalidInput where folder or archive hold none."""
        if self.file is not None:
            return self.archive.min_zoom, self.archive.max_zoom
        if self.folder is None:
            return 0, USUAL_ZOOM
        try:
            levels = [int(entry.name) for entry in self.folder.iterdir() if _NUMBER.fullmatch(entry.name)]
        except OSError as error:
            raise InvalidInput(f"GRIDSVC_TILES_URL: the folder {self.folder.name} cannot be read") from error
        if not levels:
            raise InvalidInput(f"GRIDSVC_TILES_URL: {self.folder.name} holds no tiles as z/x/y.png, .jpg or .webp")
        return min(levels), max(levels)

    @cached_property
    def archive(self) -> Archive:
        """The archive, opened once. Raises InvalidInput for what is none, or holds no pictures."""
        try:
            opened = Archive(self.file or Path())
        except OSError as error:
            raise InvalidInput(f"GRIDSVC_TILES_URL: the archive cannot be read ({error.strerror})") from error
        except InvalidInput as error:
            raise InvalidInput(f"GRIDSVC_TILES_URL: {error.message}") from error
        if not opened.media_type.startswith("image/"):
            raise InvalidInput("GRIDSVC_TILES_URL: the archive holds no pictures (PNG, JPEG or WebP)")
        return opened

    def find(self, zoom: int, x: int, y: int) -> Tile | None:
        """A tile that this service holds itself. Names are made of numbers alone, and links lead nowhere else."""
        if not (0 <= zoom <= 26 and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return None
        if self.file is not None:
            data = self.archive.find(zoom, x, y)
            return None if data is None else Tile(data, self.archive.media_type)
        return None if self.folder is None else self._read(self.folder.resolve(), zoom, x, y)

    @staticmethod
    def _read(folder: Path, zoom: int, x: int, y: int) -> Tile | None:
        for suffix, media_type in SUFFIXES.items():
            file = (folder / str(zoom) / str(x) / f"{y}{suffix}").resolve()
            if file.is_relative_to(folder) and file.is_file():
                with suppress(OSError):  # deleted at this moment, or not for us to read
                    return Tile(file.read_bytes(), media_type)
        return None

    def holds_pictures(self) -> bool:
        """Whether there is a tile at all at its least zoom; of another host nobody knows."""
        if self.folder is None:
            return True
        names = (self.folder / str(self.zooms[0])).glob("*/*")
        return any(name.suffix in SUFFIXES and name.stem.isdecimal() for name in names)


def base_map_of(settings: Settings) -> BaseMap | None:
    """The base map of the settings, None where none is set. Raises InvalidInput for one that cannot be used."""
    url, datum = settings.tiles_url, settings.tiles_datum
    if url is None:
        return None
    if datum is None:
        raise InvalidInput("GRIDSVC_TILES_DATUM: say the datum of the base map, WGS84 or GCJ02; it is never guessed")
    scheme, _, rest = url.partition(":")
    if scheme == "folder":
        found = BaseMap(datum, settings.tiles_attribution, folder=Path(rest))
    elif scheme == "pmtiles":
        found = BaseMap(datum, settings.tiles_attribution, file=Path(rest))
    else:
        found = BaseMap(datum, settings.tiles_attribution, template=_checked(url))
    _ = found.zooms
    return found


def _checked(url: str) -> str:
    parts = urlsplit(url)
    complete = all(mark in url for mark in ("{z}", "{x}", "{y}"))
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc) or not complete:
        raise InvalidInput(
            "GRIDSVC_TILES_URL: write https://host/…{z}…{x}…{y}…, folder:/path to z/x/y.png, or pmtiles:/path.pmtiles"
        )
    return url
