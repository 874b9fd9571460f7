"""XML that came from outside, checked before a reader sees it: no document type, and no more than a reader can bear."""

from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from geodata.safety import LIMITS, FileLimits, clean_message, refuse

SHEET_NAMES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PLAIN = frozenset(f"{SHEET_NAMES} {name}" for name in ("c", "v", "f", "is", "t", "si", "phoneticPr"))
_ROW = f"{SHEET_NAMES} row"
_CHUNK = 64 * 1024
_LONGEST_TAG = 256 * 1024
"""Bytes of one tag or comment: what has not ended is looked through again with every chunk."""
_TAG_LIMIT = f"{_LONGEST_TAG // 1024} KB in a tag"
_DEEPEST = 200
_ABOVE = 100
"""Rows of a sheet that are none of the table: its header, and titles above it."""
_ANYWAY = 20_000
"""Elements and attributes of styles, themes and the like, however short the table."""
_EACH_CELL, _EACH_ROW = 4, 10
"""What a table brings: elements and attributes of a cell, its text included; attributes of a row."""


class _Unsafe(Exception):
    """A document type: with it come entities, and addresses to load them from."""


@dataclass(slots=True)
class _Counts:
    """What one document has brought so far, and where it is too much."""

    limits: FileLimits
    rows: int = 0
    plain: int = 0
    other: int = 0
    attributes: int = 0
    depth: int = 0
    deepest: int = 0

    def open(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        self.attributes += len(attributes) // 2
        if name == _ROW:
            self.rows += 1
        elif name in _PLAIN:
            self.plain += 1
        else:
            self.other += 1

    def pass_by(self, *_: str) -> None:
        """What is no element, and yet stops a reader: a comment, an instruction, a piece of text marked as such."""
        self.other += 1

    def close(self, _name: str) -> None:
        self.depth -= 1

    def too_many(self) -> tuple[str, str] | None:
        """How many of what there are, and how many there may be."""
        rows, cells = self.limits.rows, self.limits.cells
        bounds = (
            (self.rows, rows + _ABOVE, "rows"),
            (self.plain, _EACH_CELL * cells + _ANYWAY, "elements of cells"),
            (self.other, cells + _ANYWAY, "other elements"),
            (self.attributes, _EACH_ROW * rows + _EACH_CELL * cells + _ANYWAY, "attributes"),
            (self.deepest, _DEEPEST, "levels"),
        )
        return next(((f"{count} {what}", f"{most} {what}") for count, most, what in bounds if count > most), None)


def _forbid(*_: object) -> None:
    raise _Unsafe


def check_xml(stream: IO[bytes], layer: str, file: str, limits: FileLimits = LIMITS) -> None:
    """Refuse XML with entities or a document type (billion laughs, external entities), broken markup, and markup that
    takes a reader far longer than its bytes let one think: rows count whether anything is in them or not.
    """
    counts = _Counts(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _forbid
    parser.StartElementHandler, parser.EndElementHandler = counts.open, counts.close
    parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = counts.pass_by
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            read += len(chunk)
            if read - parser.CurrentByteIndex > _LONGEST_TAG:
                refuse("FILE_TOO_LARGE", layer, file, size="a tag that does not end", limit=_TAG_LIMIT)
            if (found := counts.too_many()) is not None:
                refuse("FILE_TOO_LARGE", layer, file, size=found[0], limit=found[1])
        parser.Parse(b"", True)
    except _Unsafe:
        refuse("XML_UNSAFE", layer, file)
    except (expat.ExpatError, ValueError, LookupError) as error:
        refuse("FILE_UNREADABLE", layer, file, why=clean_message(error))
