"""An edition out of its file, mapped into memory; what cannot be trusted is refused."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import ipc

from gridsvc.datum.plane import plane_for
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file.arrays import AnyArray, table_of
from gridsvc.index.file.format import BBOX, TABLES, VERSION, ArraysHash, bbox_of
from gridsvc.index.file.unusable import UnusableIndex


class _Mapped(NamedTuple):
    arrays: dict[str, AnyArray]
    told: dict[str, str]


def open_edition(path: Path, number: int, effective_from: datetime, digest: str) -> CompiledEdition:
    """The edition of that digest. Raises FileNotFoundError, and UnusableIndex for a file that is not what it should be.

    All of it is read once on a machine, and then again only when the file has changed: a stamp beside it says so.
    """
    mapped = _map(path)
    if mapped.told["digest"] != digest:
        raise UnusableIndex("it holds another edition than its name says")
    if not _is_verified(path, mapped):
        check_arrays(path)
        _stamp(path, mapped)
    tables: dict[str, Any] = {name: table_of(kind, mapped.arrays, name) for name, kind in TABLES.items()}
    crs, bbox = mapped.told["crs"], bbox_of(mapped.arrays[BBOX])
    return CompiledEdition(number, effective_from, crs, plane_for(crs), digest, bbox, **tables)


def check_arrays(path: Path) -> None:
    """Read all of a file. Raises UnusableIndex where its arrays are not those that were written."""
    mapped = _map(path)
    arrays_hash = ArraysHash(mapped.told["crs"])
    for name, array in mapped.arrays.items():
        arrays_hash.add(name, array)
    if arrays_hash.hexdigest() != mapped.told["arrays_sha256"]:
        raise UnusableIndex("its arrays are not those that were written")


def _map(path: Path) -> _Mapped:
    try:
        with pa.memory_map(str(path)) as file, ipc.open_file(file) as reader:
            told = {key.decode(): value.decode() for key, value in (reader.schema.metadata or {}).items()}
            if (version := told.get("gridsvc_index")) != VERSION:
                raise UnusableIndex(f"it is of version {version}, and this is version {VERSION}")
            batch = reader.get_batch(0)
            arrays = {field.name: _array(field, batch.column(at)) for at, field in enumerate(batch.schema)}
    except (pa.ArrowException, ValueError, KeyError, IndexError, TypeError, UnicodeDecodeError) as error:
        raise UnusableIndex("it is damaged or cut off") from error
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnusableIndex("it cannot be read") from error
    if not {"digest", "crs", "arrays_sha256"} <= told.keys():
        raise UnusableIndex("its head does not say what it holds")
    return _Mapped(arrays, told)


def _array(field: pa.Field, column: pa.LargeListArray) -> AnyArray:
    array: AnyArray = column.values.to_numpy(zero_copy_only=True)
    told = field.metadata or {}
    if len(column) != 1 or column.null_count or len(array) != int(told[b"length"]):
        raise UnusableIndex(f"column {field.name} is not as long as it says")
    return array.reshape(-1, int(told[b"width"])) if b"width" in told else array


def stamp_of(path: Path) -> Path:
    """The file beside that tells that all of it was read, and what it was then."""
    return path.with_suffix(".verified")


def _facts(path: Path, mapped: _Mapped) -> dict[str, object]:
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "arrays_sha256": mapped.told["arrays_sha256"]}


def _is_verified(path: Path, mapped: _Mapped) -> bool:
    try:
        return bool(json.loads(stamp_of(path).read_bytes()) == _facts(path, mapped))
    except (OSError, ValueError):
        return False


def _stamp(path: Path, mapped: _Mapped) -> None:
    with suppress(OSError):  # without a stamp, or with half of one, the next one looks again
        stamp_of(path).write_text(json.dumps(_facts(path, mapped)), "utf-8")
