"""Findings: their texts as data, how one is made, and which of them still block.

Texts stand in `issue_texts.toml`, one table per issue code, in English and Chinese, with the remedy and the severity
that holds where a scheme does not say another one.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from shapely import Geometry

from gridsvc.index.rules.trace import load_words
from gridsvc.model.issue import Issue, Severity

Lang = Literal["en", "zh"]
MOST_OF_ONE_CODE = 1000


@dataclass(frozen=True, slots=True)
class IssueText:
    """Texts of one issue code. An issue that is not `acceptable` leaves nothing that could be imported."""

    severity: Severity
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    acceptable: bool


@cache
def list_texts() -> dict[str, IssueText]:
    """Every issue code with its texts."""
    raw = tomllib.loads(files("geodata").joinpath("issue_texts.toml").read_text("utf-8"))
    return {
        code: IssueText(
            severity=Severity(entry["severity"]),
            message={"en": entry["en"], "zh": entry["zh"]},
            remedy={"en": entry["remedy_en"], "zh": entry["remedy_zh"]},
            acceptable=entry.get("acceptable", True),
        )
        for code, entry in raw.items()
    }


def default_severity(code: str) -> Severity:
    """The severity that holds where the scheme does not name another one."""
    return list_texts()[code].severity


def found(
    code: str,
    layer: str,
    features: tuple[str, ...] = (),
    geometry: Geometry | None = None,
    /,
    *,
    severity: Severity | None = None,
    **values: Any,
) -> Issue:
    """An issue of the default severity; `values` fill the texts of its code."""
    return Issue(code, severity or default_severity(code), layer, features, geometry, values)


class _Blanks(dict[str, Any]):
    """Values for a text; what is missing shows as a dash, so that an old finding can always be told."""

    def __missing__(self, key: str) -> str:
        return "–"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("geodata").joinpath("issue_words.toml").read_text("utf-8"))


def word_of(layer: str) -> str:
    """What a layer or roster table is called in Chinese."""
    return _words()["layers"].get(layer, layer)


def _values(issue: Issue) -> _Blanks:
    field = str(issue.values.get("field", "–"))
    named = {
        "layer": issue.layer,
        "layer_zh": word_of(issue.layer),
        "field_zh": _words()["fields"].get(field, field),
        "feature": issue.features[0] if issue.features else "–",
    }
    if (role := load_words().get(str(issue.values.get("role")))) is not None:
        named |= {"role_en": role.en, "role_zh": role.zh}
    return _Blanks(named | {"features": ", ".join(issue.features)} | issue.values)


def text_of(issue: Issue, lang: str) -> tuple[str, str]:
    """(message, remedy) in "zh" or, for any other language, English."""
    text = list_texts()[issue.code]
    chosen: Lang = "zh" if lang == "zh" else "en"
    values = _values(issue)
    return text.message[chosen].format_map(values), text.remedy[chosen].format_map(values)


def is_acceptable(issue: Issue) -> bool:
    """Whether a reason can make the finding a note: something is left that can be used."""
    return list_texts()[issue.code].acceptable


def settle(issues: Iterable[Issue], acceptances: Mapping[str, str]) -> Iterator[Issue]:
    """The same findings one by one, where an accepted one is only a note that carries the reason."""
    for issue in issues:
        if acceptances and is_acceptable(issue) and issue.id in acceptances:
            told = {**issue.values, "accepted": acceptances[issue.id]}
            yield replace(issue, severity=Severity.NOTE, values=told)
        else:
            yield issue


def list_blocking(issues: Iterable[Issue]) -> list[Issue]:
    """Those that refuse an import or a publish."""
    return [issue for issue in issues if issue.severity is Severity.BLOCK]


class Findings:
    """Collects issues, and stops listing one code after `MOST_OF_ONE_CODE`: more are only counted."""

    def __init__(self) -> None:
        self._listed: list[Issue] = []
        self._seen: Counter[tuple[str, str, Severity]] = Counter()

    def add(self, issue: Issue) -> None:
        """Take one finding in."""
        kind = (issue.code, issue.layer, issue.severity)
        self._seen[kind] += 1
        if self._seen[kind] <= MOST_OF_ONE_CODE:
            self._listed.append(issue)

    def extend(self, issues: Iterable[Issue]) -> None:
        """Take several in."""
        for issue in issues:
            self.add(issue)

    def as_list(self) -> list[Issue]:
        """What was listed, then one line per code that was cut short."""
        more = [
            found("MORE_OF_THE_SAME", layer, severity=severity, code=code, count=count - MOST_OF_ONE_CODE)
            for (code, layer, severity), count in self._seen.items()
            if count > MOST_OF_ONE_CODE
        ]
        return self._listed + more


def gather_notes(issues: Iterable[Issue]) -> list[Issue]:
    """Counting notes of the same code about many files as one each, after everything else."""
    told: list[Issue] = []
    counted: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        if issue.severity is Severity.NOTE and {"file", "count"} <= set(issue.values):
            counted.setdefault((issue.code, issue.layer), []).append(issue)
        else:
            told.append(issue)
    for notes in counted.values():
        first, more = notes[0], len(notes) - 1
        file = f"{first.values['file']} (+{more})" if more else first.values["file"]
        count = sum(note.values["count"] for note in notes)
        told.append(replace(first, values={**first.values, "file": file, "count": count}))
    return told
