"""Components that only some may see wherever they are shown: those of police, gas and power, named as data."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key

TABLE = "guarded"
"""The table of a city's schemes file that names them: category scheme = list of codes."""


@dataclass(frozen=True, eq=False)
class Guarded:
    """Codes by category scheme; with a * at its end all that begin so. Of a scheme that nobody declared all are
    guarded: a city whose gas valves have codes of its own is not to show them because it forgot a line; an empty list
    says that none is.
    """

    codes: Mapping[str, frozenset[str]]

    def covers(self, category: Key) -> bool:
        """Whether components of a category need the right READ_GUARDED_COMPONENTS."""
        known = self.codes.get(category.scheme)
        if known is None or category.code in known:
            return True
        return any(category.code.startswith(entry[:-1]) for entry in known if entry.endswith("*"))

    @property
    def digest(self) -> str:
        """The same for the same codes: what was drawn by others is not shown."""
        lines = [f"{scheme} {code}" for scheme, codes in sorted(self.codes.items()) for code in ("", *sorted(codes))]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def load_guarded(schemes_file: Path | None) -> Guarded:
    """What is shipped; a category scheme that the city's file names stands in its place. Raises InvalidInput."""
    if schemes_file is None:
        return shipped()
    try:
        table = tomllib.loads(schemes_file.read_text("utf-8-sig")).get(TABLE, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"the schemes file {schemes_file.name} cannot be read as TOML") from error
    if not isinstance(table, dict) or not all(_is_list_of_codes(codes) for codes in table.values()):
        raise InvalidInput(f'{schemes_file.name}: [{TABLE}] has lines such as COMPONENT_CJT214 = ["0111", "0112"]')
    return Guarded({**shipped().codes, **{scheme: frozenset(codes) for scheme, codes in table.items()}})


@cache
def shipped() -> Guarded:
    """Those of the national catalogue."""
    table = tomllib.loads((Path(__file__).parent / "guarded.toml").read_text("utf-8"))
    return Guarded({scheme: frozenset(codes) for scheme, codes in table.items()})


def _is_list_of_codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) and code for code in value)
