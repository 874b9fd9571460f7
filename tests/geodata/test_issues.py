"""Every finding that the code can make has its texts, and the texts ask only for values that it gives."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely import Point

import geodata
from geodata.checks.roster import REFERENCES
from geodata.issues import (
    MOST_OF_ONE_CODE,
    Findings,
    default_severity,
    found,
    gather_notes,
    list_blocking,
    list_texts,
    settle,
    text_of,
)
from gridsvc.model.issue import Severity
from gridsvc.model.roster import ROSTER_TABLES
from gridsvc.model.territory import Layer

IMPLIED = {"feature", "features", "layer", "scheme", "layer_zh", "field_zh"}
GIVEN_BY = {
    "found": set(),
    "refuse": {"file"},
    "BadValue": {"where", "column"},
    "spoil": {"where"},
    "note": {"file", "count"},
    "_tell": {"where", "column"},
}


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """(function, issue code, values given, whether more values may come by **) of every finding in the import."""
    folder = Path(geodata.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        if "checks" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            codes = [a.value for a in node.args if isinstance(a, ast.Constant) and str(a.value) in list_texts()]
            if name in GIVEN_BY and codes:
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield name, codes[0], given, any(keyword.arg is None for keyword in node.keywords)


def placeholders(code: str) -> set[str]:
    text = list_texts()[code]
    return {
        name
        for t in [*text.message.values(), *text.remedy.values()]
        for _, name, _, _ in string.Formatter().parse(t)
        if name
    }


def literal_codes() -> set[str]:
    folder = Path(geodata.__file__).parent
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                first = node.args[0]
                if name in {"found", "refuse"} and isinstance(first, ast.Constant):
                    names.add(first.value)
    return names


def test_every_issue_code_in_the_code_has_texts() -> None:
    assert literal_codes() <= set(list_texts())


@pytest.mark.parametrize(("function", "code", "given", "open_ended"), list(calls()))
def test_texts_ask_only_for_values_that_are_given(function: str, code: str, given: set[str], open_ended: bool) -> None:
    missing = placeholders(code) - given - GIVEN_BY[function] - IMPLIED
    assert open_ended or not missing


@pytest.mark.parametrize("code", sorted(list_texts()))
def test_both_languages_say_the_same_values(code: str) -> None:
    text = list_texts()[code]
    for by_language in (text.message, text.remedy):
        assert set(by_language) == {"en", "zh"}
        assert all(line.strip() and "\n" not in line for line in by_language.values())
    assert any("\u4e00" <= char <= "\u9fff" for char in text.message["zh"])


def test_text_in_chinese_and_english() -> None:
    issue = found("CODE_MISSING", "cells", (), None, where="a.csv #3")
    assert text_of(issue, "en") == ("a.csv #3 has no code", "give it one")
    assert text_of(issue, "zh")[0] == "a.csv #3 没有编码"
    assert text_of(issue, "fr") == text_of(issue, "en")


def test_chinese_sentences_call_tables_and_fields_by_their_words() -> None:
    issue = found("ROW_PERSON_UNKNOWN", "assignments", ("X9",), field="stand_in", named="P404")
    assert text_of(issue, "zh")[0] == "任职：行 X9 的代理人指向不存在的人员 P404"
    assert "(stand_in)" in text_of(issue, "en")[0]
    for table in (*Layer, *ROSTER_TABLES):
        assert not text_of(found("ROW_COMPONENT_UNKNOWN", str(table)), "zh")[0].isascii()
        assert str(table) not in text_of(found("ROW_COMPONENT_UNKNOWN", str(table)), "zh")[0]
    for field in {field for fields in REFERENCES.values() for field in fields}:
        assert field not in text_of(found("ROW_PERSON_UNKNOWN", "people", field=field), "zh")[0]


def test_a_missing_value_shows_as_a_dash_instead_of_failing() -> None:
    assert text_of(found("CODE_MISSING", "cells"), "en")[0] == "– has no code"


def test_an_accepted_finding_is_a_note_with_the_reason_and_blocks_no_more() -> None:
    issue = found("INVALID_OUTLINE", "cells", ("14174",), Point(1, 2), reason="Self-intersection")
    assert list_blocking([issue]) == [issue]
    settled = list(settle([issue], {issue.id: "kept as the register has it"}))
    assert settled[0].severity is Severity.NOTE
    assert settled[0].values["accepted"] == "kept as the register has it"
    assert list_blocking(settled) == []


def test_a_finding_that_leaves_no_feature_cannot_be_accepted() -> None:
    issue = found("CODE_TWICE", "cells", ("1",), None, where="a #2", first="a #1")
    assert list_blocking(settle([issue], {issue.id: "please"})) == [issue]


def test_a_flood_of_one_code_is_cut_and_counted() -> None:
    findings = Findings()
    findings.extend(found("CODE_MISSING", "cells", (), None, where=f"#{n}") for n in range(MOST_OF_ONE_CODE + 5))
    listed = findings.as_list()
    assert len(listed) == MOST_OF_ONE_CODE + 1
    assert (listed[-1].values["count"], listed[-1].severity) == (5, Severity.BLOCK)


def test_notes_about_many_files_are_gathered_into_one() -> None:
    notes = [found("HEIGHT_DROPPED", "cells", (), None, file=f"{n}.shp", count=2) for n in range(3)]
    other = found("CODE_MISSING", "cells", (), None, where="x")
    gathered = gather_notes([notes[0], other, *notes[1:]])
    assert [issue.code for issue in gathered] == ["CODE_MISSING", "HEIGHT_DROPPED"]
    assert (gathered[1].values["file"], gathered[1].values["count"]) == ("0.shp (+2)", 6)


def test_default_severity_is_data() -> None:
    assert default_severity("HEIGHT_DROPPED") is Severity.NOTE
