"""Which datum the coordinates of a file are in: said by the user, or by the file itself; never guessed."""

import numpy as np
import pyproj

from geodata.formats.table import SourceTable
from geodata.issues import found
from geodata.safety import clean_message
from gridsvc.datum import parse_datum, to_wgs84
from gridsvc.datum.names import names_files
from gridsvc.errors import UnknownDatum
from gridsvc.model.issue import Issue

_EQUAL_TO_WGS84 = {"WGS84", "CGCS2000"}
_MARS = {"GCJ02", "BD09"}


def parse_crs(text: str | None) -> pyproj.CRS | None:
    """The CRS of a file; None where there is none, or one that names no place on earth ("undefined")."""
    if text is None or names_files(text):
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    if crs.name.lower().startswith("undefined") or not (crs.is_geographic or crs.is_projected):
        return None
    return crs


def datum_of(crs: pyproj.CRS) -> str:
    """Name of a CRS as a datum: WGS84, CGCS2000, EPSG:n, or its WKT where no code is known for it."""
    if crs.to_authority() == ("OGC", "CRS84"):
        return "WGS84"
    epsg = crs.to_epsg()
    return {4326: "WGS84", 4979: "WGS84", 4490: "CGCS2000", None: crs.to_wkt()}.get(epsg, f"EPSG:{epsg}")


def _agree(crs: pyproj.CRS, said: str) -> bool:
    """Whether coordinates of this CRS may be in the said datum; web maps write GCJ-02 as if it were WGS84."""
    if said in _MARS:
        return bool(crs.is_geographic)
    own = datum_of(crs)
    if said in _EQUAL_TO_WGS84:
        return own in _EQUAL_TO_WGS84
    other = parse_crs(said)
    return other is not None and (datum_of(other) == own or crs.equals(other, ignore_axis_order=True))


def why_unusable(datum: str) -> str | None:
    """Why nothing can be converted from this datum (PROJ may know a CRS and no way from it to WGS84), or None."""
    try:
        to_wgs84(np.zeros(1), np.zeros(1), parse_datum(datum))
    except UnknownDatum as error:
        return error.message
    except pyproj.exceptions.ProjError as error:
        return clean_message(error)
    return None


def _short(datum: str) -> str:
    if not datum.lstrip().startswith(("EPSG", "WGS", "CGCS", "GCJ", "BD")):
        crs = parse_crs(datum)
        return crs.name if crs is not None else "–"
    return datum


def _from_file(crs: pyproj.CRS, layer: str, file: str) -> tuple[str | None, list[Issue]]:
    own = datum_of(crs)
    why = why_unusable(own)
    if why is not None:
        return None, [found("CRS_OF_FILE_UNUSABLE", layer, (), None, file=file, crs=_short(own), why=why)]
    return own, [found("DATUM_FROM_FILE", layer, (), None, file=file, datum=_short(own))]


def choose_datum(table: SourceTable, said: str | None, layer: str) -> tuple[str | None, list[Issue]]:
    """The datum to convert from, None where it is not known; findings say why, or what was taken from the file."""
    crs = parse_crs(table.crs)
    if said is None:
        if crs is not None and table.crs_is_binding:
            return _from_file(crs, layer, table.file)
        code = "DATUM_MISSING_PRJ" if table.file.lower().endswith(".shp") else "DATUM_MISSING"
        return None, [found(code, layer, (), None, file=table.file)]
    if crs is None:
        return said, []
    own, chosen = _short(datum_of(crs)), _short(said)
    if not _agree(crs, said):
        return None, [found("DATUM_CONTRADICTS", layer, (), None, file=table.file, crs=own, datum=chosen)]
    if said in _MARS and table.crs_is_binding:
        return said, [found("DATUM_OVERRIDES_FILE", layer, (), None, file=table.file, crs=own, datum=chosen)]
    return said, []
