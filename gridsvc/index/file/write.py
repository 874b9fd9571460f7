"""An edition into a file: the same content makes the same bytes."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file.arrays import AnyArray
from gridsvc.index.file.format import VERSION, ArraysHash, named_arrays


def write_edition(edition: CompiledEdition, path: Path) -> None:
    """Write a file beside `path` and put it in its place when all of it is on the disk; raises OSError.

    Only one may write a path at a time: see `gridsvc.locks`.
    """
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            _write(edition, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(edition: CompiledEdition, file: object) -> None:
    fields, columns, arrays_hash = [], [], ArraysHash(edition.crs)
    for name, array in named_arrays(edition):
        arrays_hash.add(name, array)
        column = _as_list(array)
        told = {"length": str(array.size)} | ({"width": str(array.shape[1])} if array.ndim > 1 else {})
        fields.append(pa.field(name, column.type, nullable=False, metadata=told))
        columns.append(column)
    metadata = {"gridsvc_index": VERSION, "digest": edition.digest, "crs": edition.crs}
    schema = pa.schema(fields, metadata | {"arrays_sha256": arrays_hash.hexdigest()})
    with ipc.new_file(file, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _as_list(array: AnyArray) -> pa.LargeListArray:
    """One row that holds all values, none of them copied."""
    flat = np.ascontiguousarray(array).reshape(-1)
    kind = pa.from_numpy_dtype(flat.dtype)
    values = pa.Array.from_buffers(kind, len(flat), [None, pa.py_buffer(flat)])
    return pa.LargeListArray.from_arrays(pa.array([0, len(flat)], pa.int64()), values)
