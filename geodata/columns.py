"""Which field of a file is which column of ours: as said with --map, else by name and alias (`columns.toml`)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.issues import found
from gridsvc.model.issue import Issue

_DBF_NAME_BYTES = {9, 10}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("geodata").joinpath("columns.toml").read_text("utf-8"))


def _plain(name: str) -> str:
    return "".join(name.split()).replace("_", "").casefold()


def list_columns(layer: str) -> dict[str, list[str]]:
    """Columns of a layer or roster table with their aliases, the most telling first."""
    columns: dict[str, list[str]] = _data()[layer]
    return columns


def validity_columns() -> dict[str, list[str]]:
    """The two columns that every dated roster table has."""
    columns: dict[str, list[str]] = _data()["valid"]
    return columns


@cache
def words_of(kind: str) -> dict[str, str]:
    """Words that files use for an enumeration, in lower case → the model's word."""
    table: dict[str, list[str]] = _data()["words"][kind]
    return {word.casefold(): value for value, words in table.items() for word in [value, *words]}


def kind_by_ending(name: str) -> str:
    """The kind of a segment that says none, by the end of its name."""
    endings: dict[str, list[str]] = _data()["segment_kind_by_ending"]
    plain = name.strip().casefold()
    return next((kind for kind, ends in endings.items() if plain.endswith(tuple(ends))), "STREET")


@dataclass(frozen=True, slots=True)
class Matched:
    """Our column → the file's field; what was left over; what went wrong."""

    fields: Mapping[str, str]
    extra: tuple[str, ...]
    issues: tuple[Issue, ...]


def _may_be_cut(field: str) -> bool:
    """Whether a name fills the ten bytes that a DBF leaves it; two-byte characters may end one byte earlier."""
    return bool({len(field.encode("utf-8", "replace")), len(field.encode("gb18030", "replace"))} & _DBF_NAME_BYTES)


def _find(names: Sequence[str], fields: Mapping[str, str]) -> str | None:
    for name in names:
        if _plain(name) in fields:
            return fields[_plain(name)]
    cut = {plain: field for plain, field in fields.items() if _may_be_cut(field)}
    for name in names:
        for plain, field in cut.items():
            if _plain(name).startswith(plain):
                return field
    return None


def match_columns(
    layer: str, fields: Sequence[str], said: Mapping[str, str], wanted: Mapping[str, Sequence[str]], file: str
) -> Matched:
    """Match the fields of one file. `wanted` is ours → aliases; `said` is ours → field and always wins."""
    issues = []
    chosen: dict[str, str] = {}
    for ours, field in said.items():
        if ours not in wanted:
            names = ", ".join(wanted)
            issues.append(found("COLUMN_UNKNOWN", layer, (), None, column=ours, columns=names))
        elif field not in fields:
            listed = ", ".join(fields) or "–"
            issues.append(found("COLUMN_MISSING", layer, (), None, file=file, column=ours, field=field, fields=listed))
        else:
            chosen[ours] = field
    free = {_plain(field): field for field in reversed(fields) if field not in chosen.values()}
    for ours, aliases in wanted.items():
        field_found = _find([ours, *aliases], free) if ours not in said else None
        if field_found is not None:
            chosen[ours] = field_found
            free = {plain: field for plain, field in free.items() if field != field_found}
    extra = tuple(field for field in fields if field not in chosen.values())
    return Matched(chosen, extra, tuple(issues))
