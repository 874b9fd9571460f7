"""What a Parquet file becomes when it is read: millions of rows may mean a value that is kept once, and nulls take next
to nothing. Refused before it is made.
"""

import json
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.formats.nesting import check_wkb
from geodata.safety import LIMITS, refuse

_ROWS_AT_ONCE = 65_536
_VALUE_BYTES = 8
_MOST_LISTS, _MOST_AXES = 4, 4
_TEXTS = (pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view())


def check_sizes(path: Path, layer: str) -> list[str]:
    """Names of the columns to read: not those of lists, records and the like, in which a value that is kept once may
    stand any number of times. Refuses more rows, columns or bytes than a layer has, by what the file says and then by
    what it holds.
    """
    meta = pq.read_metadata(path)
    counts = (
        (meta.num_rows, LIMITS.rows, "rows"),
        (meta.num_columns, LIMITS.columns, "columns"),
        (meta.num_rows * meta.num_columns, LIMITS.cells, "cells"),
    )
    for count, limit, what in counts:
        if count > limit:
            refuse("FILE_TOO_LARGE", layer, path.name, size=f"{count} {what}", limit=f"{limit} {what}")
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    leaves = [meta.schema.column(place) for place in range(meta.num_columns)]
    parts = [(group.column(place), leaf) for group in groups for place, leaf in enumerate(leaves)]
    most = min(LIMITS.unpacked_bytes, max(LIMITS.ratio_from_bytes, LIMITS.ratio * path.stat().st_size))
    said = sum(max(part.total_uncompressed_size, _width(leaf) * part.num_values) for part, leaf in parts)
    _check_bytes(said, most, layer, path.name)
    if b"geo" not in (meta.metadata or {}):
        refuse("PARQUET_NOT_GEO", layer, path.name)
    schema = pq.read_schema(path, arrow_extensions_enabled=False)
    shapes = set(json.loads(meta.metadata[b"geo"])["columns"])
    passed_by = _find_nested(schema, shapes, _find_index_columns(meta, schema), path, layer)
    texts = [field.name for field in schema if _is_text(field.type)]
    _check_leaves([leaf for leaf in leaves if leaf.path.split(".")[0] not in passed_by], texts)
    _check_texts(path, texts, said, most, layer)
    return [name for name in schema.names if name not in passed_by]


def _find_index_columns(meta: pq.FileMetaData, schema: pa.Schema) -> list[object]:
    """Names of columns that pandas reads whatever is asked for; and other things that are no names."""
    places = meta.metadata, schema.metadata or {}
    return [name for place in places for name in json.loads(place.get(b"pandas", b"{}")).get("index_columns", ())]


def _find_nested(schema: pa.Schema, shapes: set[str], always: list[object], path: Path, layer: str) -> set[str]:
    """Columns that need not be read. Refused where they have to be, or could be read with another of a like name."""
    names = schema.names
    nested = {
        field.name
        for field in schema
        if not _is_plain(field.type) and not (field.name in shapes and _is_shape(field.type))
    }
    for name in nested:
        has_kin = "." in name or names.count(name) > 1 or any(other.startswith(f"{name}.") for other in names)
        if has_kin or name in shapes or name in always:
            refuse("PARQUET_NESTED", layer, path.name, column=name)
    return nested


def _width(leaf: pq.ColumnSchema) -> int:
    """Bytes that each value takes, a null as well."""
    return max(_VALUE_BYTES, leaf.length or 0)


def _check_leaves(leaves: list[pq.ColumnSchema], texts: Collection[str]) -> None:
    """ValueError for values of any length that are no text (numbers written as such), and for two columns of one name:
    `_check_texts` would pass by them.
    """
    if {leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"} != set(texts):
        msg = "numbers are written as texts"
        raise ValueError(msg)
    if len({leaf.path for leaf in leaves}) < len(leaves):
        msg = "two columns have one name"
        raise ValueError(msg)


def _check_texts(path: Path, names: list[str], said: int, most: int, layer: str) -> None:
    """Read texts and shapes as what they are kept as, and add up what they would become."""
    seen: dict[str, pa.Array] = {}
    read = 0
    file = pq.ParquetFile(path, read_dictionary=names, arrow_extensions_enabled=False)
    for batch in file.iter_batches(_ROWS_AT_ONCE, columns=names):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            is_kept_once = isinstance(column, pa.DictionaryArray)
            kept = column.dictionary if is_kept_once else column
            if not (name in seen and kept.equals(seen[name])):  # each batch brings the whole dictionary
                check_wkb(value for value in kept.to_pylist() if isinstance(value, bytes))
            seen[name] = kept
            lengths = pc.binary_length(kept).cast(pa.int64())
            read += pc.sum(lengths.take(column.indices) if is_kept_once else lengths).as_py() or 0
        _check_bytes(said + read, most, layer, path.name)


def _is_text(kind: pa.DataType) -> bool:
    return _stored(kind) in _TEXTS


def _stored(kind: pa.DataType) -> pa.DataType:
    """What stands under an extension or a dictionary."""
    while True:
        if isinstance(kind, pa.BaseExtensionType):
            kind = kind.storage_type
        elif pa.types.is_dictionary(kind):
            kind = kind.value_type
        else:
            return kind


def _is_plain(kind: pa.DataType) -> bool:
    """One value for each row, or a record of a few numbers, as the box around a shape."""
    kind = _stored(kind)
    return not pa.types.is_nested(kind) or _is_record(kind)


def _is_record(kind: pa.DataType) -> bool:
    return pa.types.is_struct(kind) and all(pa.types.is_primitive(field.type) for field in kind)


def _is_shape(kind: pa.DataType) -> bool:
    """Positions in lists in lists, as GeoArrow has them. A null among positions of a set length takes all of it."""
    kind = _stored(kind)
    for _ in range(_MOST_LISTS):
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            kind = kind.value_type
    is_position = pa.types.is_fixed_size_list(kind) and kind.list_size <= _MOST_AXES
    return _is_record(kind) or pa.types.is_primitive(kind.value_type if is_position else kind)


def _check_bytes(size: int, most: int, layer: str, file: str) -> None:
    if size > most:
        refuse("FILE_TOO_LARGE", layer, file, size=f"{size >> 20} MB unpacked", limit=f"{most >> 20} MB")
