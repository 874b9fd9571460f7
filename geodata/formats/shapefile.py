"""Shapefiles: up to five files that must be taken as one, in an encoding that none of them need name.

GDAL is given a copy of .shp, .shx and .dbf alone and reads text byte by byte (as Latin-1); decoding is done here, where
it can be strict.
"""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from geodata.formats.encoding import LANGUAGE_DRIVERS, find_codec, find_mojibake, guess_encoding
from geodata.formats.ogr import read_with_gdal
from geodata.formats.table import SourceTable
from geodata.issues import found
from geodata.safety import LIMITS, check_file, refuse
from gridsvc.disk import takes_more
from gridsvc.errors import LayerRefused
from gridsvc.model.issue import Issue

_SAMPLE = 20_000


def _sibling(path: Path, suffix: str) -> Path | None:
    """The file of the same stem and another suffix, in any case."""
    wanted = (path.stem + suffix).casefold()
    return next((other for other in path.parent.iterdir() if other.name.casefold() == wanted), None)


def _bytes_of(table: SourceTable) -> list[bytes]:
    """Names and texts as the bytes that stand in the file."""
    texts = list(table.columns)
    for values in table.columns.values():
        texts += [value for value in values if isinstance(value, str)]
    return [text.encode("latin-1", errors="replace") for text in texts if not text.isascii()]


def _declared(dbf: Path, said: str | None, layer: str, file: str) -> str | None:
    """The encoding as said, else as the .cpg, else as the language byte says; None where nobody says one."""
    if said is not None:
        codec = find_codec(said)
        if codec is None:
            refuse("ENCODING_UNKNOWN_NAME", layer, file, encoding=said)
        return codec
    cpg = _sibling(dbf, ".cpg")
    if cpg is not None:
        codec = find_codec(cpg.read_bytes()[:40].decode("ascii", errors="replace").strip("\x00 \r\n"))
        if codec is not None:
            return codec
    with dbf.open("rb") as stream:
        head = stream.read(32)
    return LANGUAGE_DRIVERS.get(head[29]) if len(head) == 32 else None


def _choose(values: list[bytes], declared: str | None, layer: str, file: str) -> tuple[str, list[Issue]]:
    """The encoding to decode with, and what must be told about it."""
    sample = values[:_SAMPLE]
    if declared is not None:
        better = find_mojibake(sample, declared)
        if better is not None:
            text = sample[0].decode(declared, errors="replace")
            refuse("ENCODING_MOJIBAKE", layer, file, encoding=declared, better=better, sample=text[:40])
        return declared, []
    guess = guess_encoding(sample)
    if guess is None:
        refuse("ENCODING_NOT_SAID", layer, file)
    if guess.sure:
        return guess.name, []
    text = sample[0].decode(guess.name, errors="replace")
    return guess.name, [found("ENCODING_GUESSED", layer, (), None, file=file, encoding="GBK", sample=text[:40])]


def _decode(table: SourceTable, encoding: str, layer: str) -> None:
    def decoded(value: Any) -> Any:
        if not isinstance(value, str) or value.isascii():
            return value
        return value.encode("latin-1").decode(encoding)

    try:
        table.columns = {decoded(name): [decoded(v) for v in values] for name, values in table.columns.items()}
    except UnicodeError:
        refuse("ENCODING_WRONG", layer, table.file, encoding=encoding)


def _tidy(table: SourceTable) -> None:
    """DBF pads text with blanks; some writers pad with NUL or end the file inside the last record."""
    for name, values in table.columns.items():
        table.columns[name] = [v.rstrip(" \x00\x1a") if isinstance(v, str) else v for v in values]


def read_dbf(path: Path, layer: str, encoding: str | None, *, file: str | None = None) -> SourceTable:
    """A table without geometry."""
    check_file(path, "DBF", layer)
    name = file or path.name
    with tempfile.TemporaryDirectory() as folder:
        table = read_with_gdal(Path(shutil.copyfile(path, Path(folder, "table.dbf"))), None, layer, name, "ISO-8859-1")
    _decode_texts(table, path, layer, encoding)
    return table


def _decode_texts(table: SourceTable, dbf: Path | None, layer: str, encoding: str | None) -> None:
    _tidy(table)
    values = _bytes_of(table)
    if dbf is None or not values:
        return
    chosen, issues = _choose(values, _declared(dbf, encoding, layer, table.file), layer, table.file)
    table.issues += issues
    _decode(table, chosen, layer)


def _read_copy(copy: Path, layer: str, file: str) -> SourceTable:
    """GDAL makes a missing .shx beside the copy, and calls it damaged where the disk is full."""
    try:
        return read_with_gdal(copy, None, layer, file, "ISO-8859-1")
    except LayerRefused:
        if not takes_more(copy.parent):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file) from None
        raise


def read_shapefile(path: Path, layer: str, encoding: str | None) -> SourceTable:
    """The shapefile around a .shp; a missing .shx is made again, a missing .dbf leaves no columns."""
    import pyogrio  # noqa: PLC0415  GDAL is loaded only where a file needs it

    check_file(path, "Shapefile", layer)
    parts = {suffix: _sibling(path, suffix) for suffix in (".shx", ".dbf", ".prj")}
    size = sum(part.stat().st_size for part in parts.values() if part is not None)
    if size > LIMITS.file_bytes:
        refuse("FILE_TOO_LARGE", layer, path.name, size=f"{size >> 20} MB", limit=f"{LIMITS.file_bytes >> 20} MB")
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(path, Path(folder, "layer.shp")))
        for suffix in (".shx", ".dbf"):
            source = parts[suffix]
            if source is not None and source.stat().st_size > 0:
                shutil.copyfile(source, Path(folder, "layer" + suffix))
        table = _read_copy(copy, layer, path.name)
    if parts[".dbf"] is None:
        table.columns = {}
    _decode_texts(table, parts[".dbf"], layer, encoding)
    prj = parts[".prj"]
    table.crs = prj.read_bytes()[:20_000].decode("utf-8", errors="replace").strip() or None if prj else None
    for suffix in (".shx", ".dbf"):
        if parts[suffix] is None:
            table.issues.append(found("SHAPEFILE_PART_MISSING", layer, (), None, file=path.name, part=suffix))
    return table
