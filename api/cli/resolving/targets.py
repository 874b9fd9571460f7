"""OUT: chunks of answers to one file, in bounded memory; the same chunks give the same bytes, GeoPackages apart, which
hold the time they were made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from api.batch.answer import SCHEMA, Question
from api.batch.write import ARROW, CSV, write
from geodata.points.writers import write_geojson, write_geopackage

Batches = Iterator[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written of answers; `has_places` where `lon` and `lat` in WGS84 stand behind their columns."""

    write: Callable[[Path, Question, Batches], None]
    has_places: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Of the chunks that it is written of."""
        return pa.schema([*SCHEMA, *(_PLACE if self.has_places else ())])


_PLACE = (pa.field("lon", pa.float64()), pa.field("lat", pa.float64()))


def _write_pieces(media_type: str) -> Callable[[Path, Question, Batches], None]:
    def write_file(file: Path, question: Question, answers: Batches) -> None:
        with file.open("wb") as out:
            out.writelines(write(media_type, question, answers))

    return write_file


def _write_parquet(file: Path, _: Question, answers: Batches) -> None:
    with file.open("wb") as out, pq.ParquetWriter(out, SCHEMA) as writer:
        for batch in answers:
            writer.write_batch(batch)


def _write_geojson(file: Path, question: Question, answers: Batches) -> None:
    write_geojson(file, answers, _about(question))


def _write_geopackage(file: Path, question: Question, answers: Batches) -> None:
    write_geopackage(file, SCHEMA, answers, {name: str(value) for name, value in _about(question).items()})


def _about(question: Question) -> dict[str, object]:
    """What all answers of a file have in common."""
    snapshot = question.snapshot
    return {"edition": snapshot.edition.number, "roster": snapshot.duties.revision, "at": question.at.isoformat()}


FORMATS = {
    ".csv": Format(_write_pieces(CSV)),
    ".arrow": Format(_write_pieces(ARROW)),
    ".parquet": Format(_write_parquet),
    ".geojson": Format(_write_geojson, has_places=True),
    ".gpkg": Format(_write_geopackage, has_places=True),
}
TARGET_ENDINGS = ".csv, .arrow, .parquet, .geojson or .gpkg"
