"""All code schemes of a city: those shipped, and those that its own schemes file adds or replaces."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from geodata.codes import Scheme, parse_scheme
from geodata.issues import default_severity, list_texts
from gridsvc.accounts.guarded import TABLE as GUARDED
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Severity
from gridsvc.model.territory import Layer, Level


class Schemes:
    """Schemes by name. Questions about a name that nobody declared answer nothing rather than fail, except `get`."""

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self._by_name = dict(schemes)

    def get(self, name: str) -> Scheme:
        """The scheme; InvalidInput lists the known ones."""
        if name not in self._by_name:
            known = ", ".join(sorted(self._by_name))
            raise InvalidInput(f"unknown code scheme {name}: known are {known}; a city adds its own as data")
        return self._by_name[name]

    def find(self, name: str) -> Scheme | None:
        """The scheme, or None."""
        return self._by_name.get(name)

    def list_for(self, layer: Layer) -> list[Scheme]:
        """Schemes of one layer, by name."""
        return [self._by_name[name] for name in sorted(self._by_name) if self._by_name[name].layer is layer]

    def default_for(self, layer: Layer) -> Scheme:
        """The scheme that an import takes when none was said."""
        return next(scheme for scheme in self.list_for(layer) if scheme.default)

    def severity(self, scheme: str, issue_code: str) -> Severity:
        """How grave a finding is for things of this scheme."""
        known = self._by_name.get(scheme)
        own = known.severity.get(issue_code) if known else None
        return own or default_severity(issue_code)

    def parent_of(self, scheme: str, code: str) -> str | None:
        """Code of the area above by the scheme's rule."""
        known = self._by_name.get(scheme)
        return known.parent_of(code) if known else None

    def level_of(self, scheme: str, code: str) -> Level | None:
        """Level of an area by the scheme's rule."""
        known = self._by_name.get(scheme)
        return known.level_of(code) if known else None

    def others_that_fit(self, scheme: Scheme, code: str) -> list[str]:
        """Other schemes of the same layer that have a form and whose form the code has: 14 digits are CJ/T 213."""
        return [
            other.name
            for other in self.list_for(scheme.layer)
            if other.name != scheme.name and other.has_form and other.fits(code)
        ]


def _read(text: str, source: str) -> dict[str, Scheme]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{source} is no TOML: {error}") from error
    schemes = {}
    raw.pop(GUARDED, None)
    for name, entry in raw.items():
        if not isinstance(entry, dict):
            raise InvalidInput(f"{source}: {name} must be a table with layer and pattern")
        schemes[name] = parse_scheme(name, entry)
        unknown = sorted(set(schemes[name].severity) - set(list_texts()))
        if unknown:
            raise InvalidInput(f"{source}: {name} gives a severity to unknown issue codes: {', '.join(unknown)}")
    return schemes


def load_schemes(extra_file: Path | None) -> Schemes:
    """The shipped schemes; those of a city's file stand beside them, or in their place under the same name."""
    shipped = _read(files("geodata").joinpath("schemes.toml").read_text("utf-8"), "schemes.toml")
    if extra_file is None:
        return Schemes(shipped)
    try:
        text = extra_file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the schemes file {extra_file.name} cannot be read as UTF-8 text") from error
    own = _read(text, extra_file.name)
    for scheme in own.values():
        if scheme.stored_as is not None and scheme.stored_as not in shipped | own:
            raise InvalidInput(f"{extra_file.name}: {scheme.name} is stored as an unknown scheme {scheme.stored_as}")
    return Schemes(shipped | own)
