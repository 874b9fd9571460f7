"""The code of every row: from its column or the file's name, checked against its scheme, padding taken off."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from geodata.codes import Scheme
from geodata.formats.table import SourceTable
from geodata.issues import Findings, found
from geodata.normalise.values import BadValue, code_or_none, text_or_none
from geodata.schemes import Schemes
from gridsvc.errors import InvalidInput
from gridsvc.model.territory import Layer


@dataclass(frozen=True, slots=True)
class RowCode:
    """The scheme as said, the scheme and code as kept."""

    said: Scheme
    kept: Scheme
    code: str


@dataclass(slots=True)
class CodeReader:
    """Reads the codes of one table. `scheme` None: the column `scheme`, else the default scheme of the layer."""

    schemes: Schemes
    layer: Layer
    scheme: str | None
    findings: Findings
    unpadded: int = 0
    above: int = 0

    def read(
        self, table: SourceTable, codes: Sequence[Any] | None, scheme_names: Sequence[Any] | None
    ) -> list[RowCode | None]:
        """One entry per row, None where the row has no usable code (a finding says why, or it is above the tree)."""
        stem = PurePath(table.file).stem.strip()
        read = []
        for row in range(len(table.numbers)):
            value = stem if codes is None else codes[row]
            said = text_or_none(scheme_names[row]) if scheme_names is not None else None
            try:
                read.append(self._one(value, said))
            except BadValue as bad:
                shown = (text_or_none(value) or "").strip()[:60]
                features = (shown,) if shown else ()
                self.findings.add(
                    found(bad.issue, self.layer, features, None, where=table.where(row), column="code", **bad.values)
                )
                read.append(None)
        self._tell(table.file)
        return read

    def _scheme_of(self, said: str | None) -> Scheme:
        name = self.scheme or said
        if name is None:
            return self.schemes.default_for(self.layer)
        try:
            scheme = self.schemes.get(name)
        except InvalidInput as error:
            raise BadValue("SCHEME_UNKNOWN", scheme=name[:60]) from error
        if scheme.layer is not self.layer:
            raise BadValue("SCHEME_OF_OTHER_LAYER", scheme=name, other=scheme.layer.value)
        return scheme

    def _one(self, value: Any, said: str | None) -> RowCode | None:
        scheme = self._scheme_of(said)
        code = code_or_none(value)
        if code is None:
            raise BadValue("CODE_MISSING")
        if not scheme.fits(code):
            others = self.schemes.others_that_fit(scheme, code)
            if others:
                raise BadValue("CODE_OF_OTHER_SCHEME", scheme=scheme.name, others=", ".join(others), length=len(code))
            raise BadValue("CODE_PATTERN", scheme=scheme.name, title_en=scheme.title_en, title_zh=scheme.title_zh)
        kept = self.schemes.get(scheme.stored_as) if scheme.stored_as else scheme
        short = scheme.unpad(code)
        self.unpadded += short != code
        if kept.is_above(short):
            self.above += 1
            return None
        return RowCode(scheme, kept, short)

    def _tell(self, file: str) -> None:
        if self.unpadded:
            self.findings.add(found("CODES_UNPADDED", self.layer, (), None, file=file, count=self.unpadded))
        if self.above:
            self.findings.add(found("ABOVE_DISTRICT", self.layer, (), None, file=file, count=self.above))
        self.unpadded = self.above = 0
