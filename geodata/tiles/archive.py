"""PMTiles archives read through a memory map: a look-up touches a few pages and no lock, so any thread may ask."""

import gzip
import json
import mmap
import zlib
from bisect import bisect_right
from functools import lru_cache
from gzip import BadGzipFile
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    zxy_to_tileid,
)

from gridsvc.errors import InvalidInput

KEPT_DIRECTORIES = 64
MOST_ZOOM = 26
DEPTH = 4
_BROKEN = (
    MagicNumberNotFound, SpecVersionUnsupported, BadGzipFile, zlib.error, EOFError, ValueError, KeyError, IndexError,
    TypeError,
)  # fmt: skip
"""What reading a file that is none, or not a whole one, comes to."""

_MEDIA_TYPES = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}


class Archive:
    """One archive, open for as long as it is referred to. Raises InvalidInput for a file that is none, OSError.

    `told` is what it says about itself, `encoding` how its tiles are packed (gzip or not at all).
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._header = deserialize_header(self._bytes[:127])
            self._check_whole()
            self.media_type = _MEDIA_TYPES[self._header["tile_type"]]
            self.told = self._read_metadata()
            self._directory = lru_cache(maxsize=KEPT_DIRECTORIES)(self._read_directory)
            self._directory(self._header["root_offset"], self._header["root_length"])
        except _BROKEN as error:
            raise InvalidInput(
                f"{path.name} is no whole PMTiles archive of version 3 with tiles that browsers show"
            ) from error
        self.min_zoom, self.max_zoom = self._header["min_zoom"], self._header["max_zoom"]
        self.encoding = "gzip" if self._header["tile_compression"] is Compression.GZIP else None

    def _check_whole(self) -> None:
        """Raise ValueError where the file ends before what its head tells of: a disk was full, a copy was cut off."""
        head = self._header
        ends = (
            head["root_offset"] + head["root_length"],
            head["metadata_offset"] + head["metadata_length"],
            head["leaf_directory_offset"] + head["leaf_directory_length"],
            head["tile_data_offset"] + head["tile_data_length"],
        )
        if max(ends) > len(self._bytes):
            raise ValueError("the file is cut off")

    def _read_metadata(self) -> dict[str, Any]:
        begin, length = self._header["metadata_offset"], self._header["metadata_length"]
        data = self._bytes[begin : begin + length]
        packed = self._header["internal_compression"] is Compression.GZIP
        found: dict[str, Any] = json.loads(gzip.decompress(data) if packed else data)
        return found

    def bounds(self) -> list[float]:
        """[west, south, east, north] in degrees."""
        names = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        return [self._header[name] / 1e7 for name in names]  # type: ignore[literal-required]

    def find(self, zoom: int, x: int, y: int) -> bytes | None:
        """The tile as it is stored, None where there is none."""
        if not 0 <= zoom <= MOST_ZOOM or not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return None
        wanted = zxy_to_tileid(zoom, x, y)
        begin, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(DEPTH):
            numbers, entries = self._directory(begin, length)
            place = bisect_right(numbers, wanted) - 1
            if place < 0:
                return None
            number, run, begin, length = entries[place]
            if run:
                begin += self._header["tile_data_offset"]
                return self._bytes[begin : begin + length] or None if wanted < number + run else None
            begin += self._header["leaf_directory_offset"]
        return None

    def _read_directory(self, begin: int, length: int) -> tuple[list[int], list[tuple[int, int, int, int]]]:
        entries = deserialize_directory(self._bytes[begin : begin + length])
        rows = [(entry.tile_id, entry.run_length, entry.offset, entry.length) for entry in entries]
        return [row[0] for row in rows], rows
