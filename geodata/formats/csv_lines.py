"""Lines of a CSV, each looked at before the reader makes a list of its cells: 16 MB of `aa,` would become 300 MB."""

import re
from collections.abc import Iterator

from geodata.safety import refuse

MOST_CELLS = 16_384
"""Of one row: no spreadsheet is wider."""
_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
_QUOTED = re.compile(r'[^"]*+(?:""[^"]*+)*+"')
"""What is left of a quoted cell, to its end."""


class CsvLines:
    """Iterated by a `csv.reader`, whose rows go to `row`. LayerRefused for a row of too many cells."""

    def __init__(self, text: str, delimiter: str, layer: str, file: str) -> None:
        self._text, self._delimiter = text, delimiter
        self._layer, self._file = layer, file
        self.row_has_ended = True

    def __iter__(self) -> Iterator[str]:
        cells = 0
        for number, found in enumerate(_LINE.finditer(self._text), start=1):
            line = found.group()
            goes_on, self.row_has_ended = not self.row_has_ended, False
            cells = (cells if goes_on else 0) + self._count(line, is_quoted=goes_on)
            if cells > MOST_CELLS:
                size = f"more than {MOST_CELLS} cells in line {number}"
                refuse("FILE_TOO_LARGE", self._layer, self._file, size=size, limit=f"{MOST_CELLS} cells")
            yield line

    def _count(self, line: str, *, is_quoted: bool) -> int:
        """How many cells end in a line, just over the limit at most; `is_quoted` where it begins inside of one. Where
        it does not matter, delimiters inside of cells are taken for ends.
        """
        count = line.count(self._delimiter)
        if count <= MOST_CELLS and not is_quoted and line.count('"') % 2 == 0:
            return count
        at = cells = 0
        while cells <= MOST_CELLS:
            if is_quoted or line.startswith('"', at):
                rest = _QUOTED.match(line, at if is_quoted else at + 1)
                if rest is None:
                    break
                at, is_quoted = rest.end(), False
            at = line.find(self._delimiter, at) + 1
            if not at:
                break
            cells += 1
        return cells
