"""What one code scheme says about a code: its form, level, parent and category, or why it is none."""

import re
from dataclasses import dataclass, field
from typing import Any

from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Severity
from gridsvc.model.territory import Layer, Level


@dataclass(frozen=True, slots=True)
class LevelRule:
    """Codes of this length whose last three digits lie in [first, last] are areas of this level."""

    length: int
    level: Level
    first: int = 0
    last: int = 999

    def fits(self, code: str) -> bool:
        """Whether the rule speaks about the code."""
        return len(code) == self.length and (not code[-3:].isdigit() or self.first <= int(code[-3:]) <= self.last)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme as `schemes.toml` writes it; the fields are explained there."""

    name: str
    layer: Layer
    pattern: re.Pattern[str]
    title_en: str = ""
    title_zh: str = ""
    default: bool = False
    parent_start: int = 0
    parent_ends: tuple[int, ...] = ()
    joint_from: int | None = None
    levels: tuple[LevelRule, ...] = ()
    above: re.Pattern[str] | None = None
    padded_to: int | None = None
    stored_as: str | None = None
    category: tuple[int, int] | None = None
    category_scheme: str | None = None
    severity: dict[str, Severity] = field(default_factory=dict)

    @property
    def has_form(self) -> bool:
        """Whether the pattern tells its codes from others; codes of a city's own may look like anything."""
        return not self.pattern.pattern.startswith("\\S")

    def fits(self, code: str) -> bool:
        """Whether the whole code has the scheme's form."""
        return self.pattern.fullmatch(code) is not None

    def parent_of(self, code: str) -> str | None:
        """Code of the area above, None at the top of the tree or where the scheme says nothing."""
        shorter = [end for end in self.parent_ends if end < len(code)]
        if not shorter:
            return None
        end = max(shorter)
        if (
            self.joint_from is not None
            and code[end - 3 : end].isdigit()
            and int(code[end - 3 : end]) >= self.joint_from
        ):
            end -= 3
        return code[self.parent_start : end]

    def level_of(self, code: str) -> Level | None:
        """Level of an area, None where the scheme says nothing."""
        return next((rule.level for rule in self.levels if rule.fits(code)), None)

    def category_of(self, code: str) -> tuple[str, str] | None:
        """(scheme, code) of a component's category, None where it is not part of the code."""
        if self.category is None or self.category_scheme is None:
            return None
        return self.category_scheme, code[slice(*self.category)]

    def is_above(self, code: str) -> bool:
        """Whether the code names a city or province, which are no areas of the tree."""
        return self.above is not None and self.above.fullmatch(code) is not None

    def unpad(self, code: str) -> str:
        """The code without the zeros that stand for absent levels; as it is where the scheme does not pad."""
        if self.padded_to is None:
            return code
        while len(code) > 6 and code.endswith("000"):
            code = code[:-3]
        return code


def parse_scheme(name: str, raw: dict[str, Any]) -> Scheme:
    """A scheme from its table; InvalidInput names the scheme and the wrong field."""
    entry = dict(raw)
    parent = entry.pop("parent", {})
    try:
        return Scheme(
            name=name,
            layer=Layer(entry.pop("layer")),
            pattern=re.compile(entry.pop("pattern"), re.ASCII),
            parent_start=int(parent.get("start", 0)),
            parent_ends=tuple(int(end) for end in parent.get("ends", ())),
            levels=tuple(LevelRule(**{**rule, "level": Level(rule["level"])}) for rule in entry.pop("levels", ())),
            above=re.compile(entry.pop("above"), re.ASCII) if "above" in entry else None,
            category=tuple(entry.pop("category")) if "category" in entry else None,
            severity={code: Severity(value) for code, value in entry.pop("severity", {}).items()},
            **entry,
        )
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise InvalidInput(f"scheme {name} in the schemes file is not written as it must be: {error}") from error
