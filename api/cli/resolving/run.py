"""Chunk by chunk: those that are kept already are passed by, and all of them together become OUT."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from api.batch.answer import SCHEMA, Question, answers, wgs84
from api.batch.columns import Points
from api.cli.resolving.parts import Parts, bring_names_to_disk, bring_to_disk
from api.cli.resolving.sources import Source
from api.cli.resolving.targets import Format
from gridsvc.ports import Progress


@dataclass(slots=True)
class Run:
    """A file of points on its way to a file of answers; `done` rows have answers that are kept, `resumed` of them since
    before this process.
    """

    source: Source
    parts: Parts
    question: Question
    format: Format
    done: int = 0
    resumed: int = 0

    def resolve(self, progress: Progress) -> int:
        """Answer every chunk that is not answered yet; how many chunks there are."""
        waiting: deque[tuple[int, Points]] = deque()
        count = 0

        def unanswered() -> Iterator[Points]:
            nonlocal count
            for number, points in enumerate(self.source.chunks()):
                count = number + 1
                if self.parts.has(number, self.format.schema, len(points)):
                    self.resumed += len(points)
                    self._count(len(points), progress)
                    continue
                waiting.append((number, points))
                yield points

        for answered in answers(unanswered(), self.question):
            number, points = waiting.popleft()
            self.parts.put(number, self._with_places(_settled(answered), points))
            self._count(len(points), progress)
        return count

    def write(self, target: Path, count: int, progress: Progress) -> None:
        """Put the chunks together, and the file in its place when it is whole."""

        def told() -> Iterator[pa.RecordBatch]:
            written = 0
            for batch in self.parts.read(count):
                yield batch
                written += batch.num_rows
                progress(written, self.source.rows)

        whole = self.parts.whole
        try:
            whole.unlink(missing_ok=True)
            self.format.write(whole, self.question, told())
            with whole.open("rb+") as file:
                bring_to_disk(file)
        except BaseException:
            whole.unlink(missing_ok=True)
            raise
        whole.replace(target)
        bring_names_to_disk(target.absolute().parent)
        self.parts.clear()

    def _count(self, rows: int, progress: Progress) -> None:
        self.done += rows
        progress(self.done, self.source.rows)

    def _with_places(self, answered: pa.RecordBatch, points: Points) -> pa.RecordBatch:
        """For a map: where each row is, in WGS84; nowhere if it could not be used."""
        if not self.format.has_places:
            return answered
        is_invalid = np.asarray(answered.column("status").cast(pa.string())) == "INVALID"
        places = [pa.array(np.where(is_invalid, np.nan, axis)) for axis in wgs84(points, self.question)]
        return pa.RecordBatch.from_arrays([*answered.columns, *places], schema=self.format.schema)


def _settled(answered: pa.RecordBatch) -> pa.RecordBatch:
    """With the words of each column in the order of its rows: which chunks were answered before makes no difference."""
    columns = [
        column.cast(pa.string()).dictionary_encode() if pa.types.is_dictionary(column.type) else column
        for column in answered.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
