"""What a Parquet file becomes when it is read: millions of rows may mean a value that is kept once, and nulls take next
to nothing. Refused before it is made.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.formats.nesting import check_wkb
from geodata.safety import LIMITS, refuse

_ROWS_AT_ONCE = 65_536
_VALUE_BYTES = 8
_TEXTS = (pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view())


def check_sizes(path: Path, layer: str) -> None:
    """Refuse more rows, columns or bytes than a layer has, by what the file says and then by what it holds."""
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
    parts = [group.column(place) for group in groups for place in range(meta.num_columns)]
    most = min(LIMITS.unpacked_bytes, max(LIMITS.ratio_from_bytes, LIMITS.ratio * path.stat().st_size))
    said = sum(max(part.total_uncompressed_size, _VALUE_BYTES * part.num_values) for part in parts)
    _check_bytes(said, most, layer, path.name)
    if b"geo" not in (meta.metadata or {}):
        refuse("PARQUET_NOT_GEO", layer, path.name)
    _check_texts(path, said, most, layer)


def _check_texts(path: Path, said: int, most: int, layer: str) -> None:
    """Read texts and shapes as what they are kept as, and add up what they would become."""
    names = [field.name for field in pq.read_schema(path) if _is_text(field.type)]
    seen: dict[str, pa.Array] = {}
    read = 0
    for batch in pq.ParquetFile(path, read_dictionary=names).iter_batches(_ROWS_AT_ONCE, columns=names):
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
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind in _TEXTS


def _check_bytes(size: int, most: int, layer: str, file: str) -> None:
    if size > most:
        refuse("FILE_TOO_LARGE", layer, file, size=f"{size >> 20} MB unpacked", limit=f"{most >> 20} MB")
