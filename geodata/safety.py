"""Hostile and damaged files: what is checked before any reader sees one. Limits are generous for a city, no more.

A file is opened by the reader of its name only after its first bytes agree with that name, so that no driver of GDAL
can be talked into following another file or an address. Refusals are `LayerRefused` with one finding each.
"""

import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, NoReturn

from geodata.issues import found
from gridsvc.disk import is_full
from gridsvc.errors import LayerRefused

_MIB = 1 << 20
_FIRST_BYTES: dict[str, tuple[bytes, ...]] = {
    "GeoPackage": (b"SQLite format 3\x00",),
    "FlatGeobuf": (b"fgb\x03fgb",),
    "GeoParquet": (b"PAR1",),
    "Shapefile": (b"\x00\x00\x27\x0a",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "XLSX": (b"PK\x03\x04", b"PK\x05\x06"),
    "KML": (b"<",),
    "XML": (b"<",),
    "PDF": (b"%PDF",),
    "old Excel (XLS)": (b"\xd0\xcf\x11\xe0",),
    "gzip": (b"\x1f\x8b",),
    "RAR": (b"Rar!",),
    "7z": (b"7z\xbc\xaf",),
}
_BINARY = frozenset({"GeoPackage", "FlatGeobuf", "GeoParquet", "Shapefile", "zip", "XLSX", "KML"})
_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".kmz", ".zst"})
_PATH_IN_MESSAGE = re.compile(r"(?:/[^\s/'\":,;]+)+/(?=[^\s/])")
_CHUNK = 1 << 20
ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large an input may be. Ratios count only above `ratio_from_bytes`: small text packs very well."""

    file_bytes: int = 4096 * _MIB
    text_bytes: int = 1024 * _MIB
    zip_entries: int = 2000
    unpacked_bytes: int = 4096 * _MIB
    workbook_bytes: int = 512 * _MIB
    ratio: int = 200
    ratio_from_bytes: int = 32 * _MIB
    rows: int = 5_000_000
    columns: int = 1000
    cells: int = 20_000_000
    cell_characters: int = 10 * _MIB


LIMITS = FileLimits()


def refuse(code: str, layer: str, file: str, /, **values: Any) -> NoReturn:
    """Refuse a whole file with one finding."""
    issue = found(code, layer, (), None, file=file, **values)
    raise LayerRefused(f"{file} cannot be imported", issues=[issue])


def clean_message(error: BaseException) -> str:
    """The first line of a library's message, without folders, for a finding."""
    line = next((text for text in str(error).splitlines() if text.strip()), type(error).__name__)
    return _PATH_IN_MESSAGE.sub("", line).strip().rstrip(".")[:200]


def refuse_unread(code: str, layer: str, file: str, error: Exception) -> NoReturn:
    """Refuse a file for what a library says of it. A disk that takes no more says nothing of the file, and stays an
    OSError.
    """
    if isinstance(error, OSError) and is_full(error):
        raise error
    refuse(code, layer, file, why=clean_message(error))


def _kind_of(head: bytes) -> str:
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
    for kind, starts in _FIRST_BYTES.items():
        if head.lstrip().startswith(starts) or head.startswith(starts):
            return "XML" if kind == "KML" else kind
    return "text" if b"\x00" not in head else "unknown binary data"


def check_file(path: Path, kind: str, layer: str, limits: FileLimits = LIMITS) -> None:
    """Refuse a file that is missing, empty, too large, or not what its name says (`kind`)."""
    if not path.is_file():
        refuse("FILE_MISSING", layer, path.name)
    size = path.stat().st_size
    if size == 0:
        refuse("FILE_EMPTY", layer, path.name)
    limit = limits.file_bytes if kind in _BINARY and kind != "KML" else limits.text_bytes
    if size > limit:
        refuse("FILE_TOO_LARGE", layer, path.name, size=f"{size // _MIB} MB", limit=f"{limit // _MIB} MB")
    with path.open("rb") as stream:
        head = stream.read(64)
    starts = _FIRST_BYTES.get(kind)
    text = head[3:] if head.startswith(b"\xef\xbb\xbf") else head
    if starts is not None and not (head.startswith(starts) or (kind == "KML" and text.lstrip().startswith(starts))):
        refuse("FILE_IS_NOT", layer, path.name, kind=kind, seen=_kind_of(head))
    if starts is None and _kind_of(head) in _BINARY | set(_FIRST_BYTES) - {"KML", "XML"}:
        refuse("FILE_IS_NOT", layer, path.name, kind=kind, seen=_kind_of(head))


def _entry_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag come from Windows in its own code page: UTF-8 or GBK where they are no ASCII."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _check_entry(info: zipfile.ZipInfo, name: str, layer: str, file: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/"))
    if (
        parts.is_absolute()
        or ".." in parts.parts
        or ":" in name
        or "\x00" in name
        or stat.S_ISLNK(info.external_attr >> 16)
    ):
        refuse("ZIP_UNSAFE_PATH", layer, file, entry=parts.name[:80])
    if info.flag_bits & 0x1:
        refuse("ZIP_ENCRYPTED", layer, file)
    if parts.suffix.lower() in _ARCHIVES:
        refuse("ZIP_NESTED", layer, file, entry=parts.name[:80])


def check_zip(
    archive: zipfile.ZipFile, layer: str, file: str, unpacked_bytes: int, limits: FileLimits = LIMITS
) -> None:
    """Refuse bombs by the directory of the archive; `unpack` counts the real bytes as well."""
    entries = archive.infolist()
    if len(entries) > limits.zip_entries:
        refuse("ZIP_BOMB", layer, file, why=f"{len(entries)} entries, at most {limits.zip_entries}")
    total = sum(info.file_size for info in entries)
    # Several entries may be told to be the same bytes: together they are no longer than what stands before the list.
    packed = max(1, min(sum(info.compress_size for info in entries), archive.start_dir))
    if total > unpacked_bytes:
        refuse("ZIP_BOMB", layer, file, why=f"{total // _MIB} MB unpacked, at most {unpacked_bytes // _MIB}")
    if total > limits.ratio_from_bytes and total / packed > limits.ratio:
        refuse("ZIP_BOMB", layer, file, why=f"grows {total // packed} times, at most {limits.ratio}")
    for info in entries:
        _check_entry(info, _entry_name(info), layer, file)


def _copy(source: IO[bytes], target: IO[bytes], left: int) -> int:
    """Copy at most `left` bytes; returns what is left, below zero when the entry is longer."""
    while left >= 0 and (chunk := source.read(_CHUNK)):
        target.write(chunk)
        left -= len(chunk)
    return left


def unpack(path: Path, into: Path, layer: str, limits: FileLimits = LIMITS) -> list[Path]:
    """Unpack a zip into an empty folder, each entry under its own name; the files written, by name."""
    written = []
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, layer, path.name, limits.unpacked_bytes, limits)
            for info in archive.infolist():
                target = into.joinpath(*PurePosixPath(_entry_name(info).replace("\\", "/")).parts)
                if info.is_dir() or target.name.startswith(".") or "__MACOSX" in target.parts:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as stream:
                    left = _copy(source, stream, left)
                if left < 0:
                    refuse("ZIP_BOMB", layer, path.name, why="an entry is longer than the archive says")
                written.append(target)
    except ZIP_ERRORS as error:
        refuse_unread("ZIP_DAMAGED", layer, path.name, error)
    return sorted(written)
