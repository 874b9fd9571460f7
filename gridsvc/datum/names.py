"""The names by which a datum may be called; a datum that was not said is never guessed."""

import re
from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gridsvc.errors import UnknownDatum

WGS84, CGCS2000, GCJ02, BD09 = "WGS84", "CGCS2000", "GCJ02", "BD09"
SHIFTED = (GCJ02, BD09)
NAMED = frozenset({WGS84, CGCS2000, GCJ02, BD09})
"""Any other datum is a CRS that has to be read first, which may take long."""

_NAMES = {
    "WGS84": WGS84,
    "EPSG:4326": WGS84,
    "CRS84": WGS84,
    "CGCS2000": CGCS2000,
    "EPSG:4490": CGCS2000,
    "GCJ02": GCJ02,
    "BD09": BD09,
    "BD09LL": BD09,
}
_WKT_BEGINS = re.compile(r"(PROJCS|PROJCRS|PROJECTEDCRS|GEOGCS|GEOGCRS|GEOGRAPHICCRS|BOUNDCRS)\s*[\[(]", re.IGNORECASE)
# PROJ opens what such texts name: grids anywhere on the disk, devices too, for which it may wait for ever.
_READS_FILES = re.compile(r"EXTENSION|PARAMETERFILE|PROJ[ -]|GRIDS\s*=", re.IGNORECASE)
_EPSG = re.compile(r"EPSG:\d{4,6}")
_LONGEST_WKT = 20_000
_ACCEPTED = "give WGS84, CGCS2000, GCJ02, BD09, an EPSG code such as EPSG:4548, or a CRS as WKT"


def parse_datum(text: str | None) -> str:
    """The canonical name: WGS84, CGCS2000, GCJ02, BD09, EPSG:n or the WKT as given.

    Case, blanks, hyphens and underscores in names do not matter. Raises UnknownDatum for nothing, for names that
    nobody knows, and for CRSs that are neither geographic nor projected.
    """
    if text is None or not text.strip():
        raise UnknownDatum(f"no datum was said, and it is never guessed: {_ACCEPTED}")
    return _parse(text.strip())


@lru_cache(maxsize=256)
def _parse(text: str) -> str:
    short = re.sub(r"[\s_-]", "", text[:40]).upper()
    if short in _NAMES:
        return _NAMES[short]
    is_wkt = is_plain_wkt(text)
    if not is_wkt and not _EPSG.fullmatch(short):
        raise UnknownDatum(f"unknown datum {_shown(text)}: {_ACCEPTED}")
    name = text if is_wkt else short
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        raise UnknownDatum(f"{_shown(text)} is no known coordinate reference system: {_ACCEPTED}") from None
    if not (crs.is_projected or crs.is_geographic):
        raise UnknownDatum(f"{_shown(text)} has no coordinates on the ground: {_ACCEPTED}")
    try:
        Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except ProjError:
        raise UnknownDatum(f"{_shown(text)} has no known way to WGS84: {_ACCEPTED}") from None
    return name


def is_plain_wkt(text: str) -> bool:
    """Whether a text is a CRS as WKT, of bearable length, that names no file to read."""
    return _WKT_BEGINS.match(text) is not None and len(text) <= _LONGEST_WKT and not names_files(text)


def names_files(text: str) -> bool:
    """Whether PROJ would open files that a CRS names."""
    return _READS_FILES.search(text) is not None


def is_safe_crs(text: str) -> bool:
    """Whether a text may be given to PROJ at all: an EPSG code, or WKT that names no file. PROJ strings may."""
    return _EPSG.fullmatch(re.sub(r"[\s_-]", "", text[:40]).upper()) is not None or is_plain_wkt(text.strip())


def _shown(text: str) -> str:
    """Start of a text from outside, on one line."""
    return repr(text if len(text) <= 40 else text[:40] + "…")
