"""`gridsvc resolve IN OUT`: a file of points to a file of answers, chunk by chunk."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from api.batch.answer import SCHEMA, Question, answers
from api.batch.columns import CHUNK_ROWS, NUMBERS, Points, is_text
from api.batch.read_tables import check_schema, checked, read_arrow, read_csv
from api.batch.write import ARROW, CSV, write
from api.bootstrap import Services, build_services
from api.cli.options import JsonOption
from api.cli.terminal import progress_bar, put_json, say
from api.http.parsing import parse_instant
from api.settings import load_settings
from geodata.export import folder_beside
from gridsvc.datum import parse_datum
from gridsvc.errors import Conflict, InvalidInput
from gridsvc.ports import Progress

Chunks = Callable[[], Iterator[Points]]
ENDINGS = ".csv, .arrow or .parquet"


def resolve(
    source: Annotated[Path, typer.Argument(metavar="IN", exists=True, dir_okay=False, help="Points: " + ENDINGS + ".")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Answers: " + ENDINGS + ".")],
    datum: Annotated[str | None, typer.Option(help="Datum of all rows that say no other; never guessed.")] = None,
    at: Annotated[str | None, typer.Option(help="Instant with offset; now if not said.")] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace OUT when it is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Resolve every point of a file. Columns: lon, lat, and if wanted id, datum, accuracy_m, category."""
    settings = load_settings()
    if target.exists() and not overwrite:
        raise Conflict(f"{target.name} is there already: say --overwrite to replace it.")
    if target.suffix not in _WRITERS:
        raise InvalidInput(f"{target.name} has no ending that says a format: use {ENDINGS}.")
    if not target.resolve().parent.is_dir():
        raise InvalidInput(f"The folder {target.absolute().parent} does not exist: make it, or name another.")
    services = build_services(settings)
    try:
        instant = settings.now() if at is None else parse_instant(at, "--at")
        question = _question(services, instant, datum)
        with source.open("rb") as file, progress_bar("resolving") as progress:
            rows = _write_whole(target, question, _reader(source)(file, datum), progress)
    finally:
        services.store.close()
    if as_json:
        asked = question.snapshot
        put_json({"rows": rows, "edition": asked.edition.number, "roster": asked.duties.revision, "file": target.name})
    say(f"{rows} points resolved with edition {question.snapshot.edition.number} into {target.absolute()}.")


def _question(services: Services, instant: datetime, datum: str | None) -> Question:
    services.serving.refresh()
    snapshot = services.serving.at(instant)
    return Question(snapshot, instant, None if datum is None else parse_datum(datum), services.options)


def _reader(source: Path) -> Callable[..., Chunks]:
    readers: dict[str, Callable[..., Chunks]] = {".csv": read_csv, ".arrow": read_arrow, ".parquet": _read_parquet}
    reader = readers.get(source.suffix)
    if reader is None:
        raise InvalidInput(f"{source.name} has no ending that says a format: use {ENDINGS}.")
    return reader


def _read_parquet(file: BinaryIO, datum: str | None) -> Chunks:
    return checked(file, _parquet_batches, datum, "The Parquet file cannot be read")


def _parquet_batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    """With words as they are kept: all rows may mean the same one."""
    schema = pq.ParquetFile(file).schema_arrow
    check_schema(schema)
    words = [name for name in schema.names if name not in NUMBERS and is_text(schema.field(name).type)]
    yield from pq.ParquetFile(file, read_dictionary=words).iter_batches(CHUNK_ROWS)


def _write_whole(target: Path, question: Question, chunks: Chunks, progress: Progress) -> int:
    """Into a file beside OUT, put in its place when it is whole."""
    total, done = sum(len(points) for points in chunks()), 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal done
        for batch in answers(chunks(), question):
            yield batch
            done += batch.num_rows
            progress(done, total)

    with folder_beside(target) as folder:
        part = folder / target.name
        _WRITERS[target.suffix](part, question, counted())
        part.replace(target)
    return total


def _write_parquet(part: Path, _: Question, answers: Iterator[pa.RecordBatch]) -> None:
    with pq.ParquetWriter(part, SCHEMA) as writer:
        for batch in answers:
            writer.write_batch(batch)


def _write_pieces(media_type: str) -> Callable[[Path, Question, Iterator[pa.RecordBatch]], None]:
    def write_file(part: Path, question: Question, answers: Iterator[pa.RecordBatch]) -> None:
        with part.open("wb") as out:
            out.writelines(write(media_type, question, answers))

    return write_file


_WRITERS = {".csv": _write_pieces(CSV), ".arrow": _write_pieces(ARROW), ".parquet": _write_parquet}
