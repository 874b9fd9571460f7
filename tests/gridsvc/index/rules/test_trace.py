"""Every trace code has its sentence in both languages, and placeholders agree with what the rules give."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from gridsvc.index.rules import precedence
from gridsvc.index.rules.ties import TIE
from gridsvc.index.rules.trace import Named, Trace, load_sentences, load_words
from gridsvc.model.departments import Part
from gridsvc.model.people import Role, TargetKind
from gridsvc.model.resolution import Rule

NAMING_RULES = {Rule.COMPONENT, Rule.PATCH, Rule.COMPETENCE}
FOLDER = Path(precedence.__file__).parent
SENTENCES = load_sentences()


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls():
    """(code or None, names of the values) for every `trace.add(...)` of the rules."""
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add":
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if name in ("trace", "_trace"):
                    code = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                    yield code, {keyword.arg for keyword in node.keywords}


def codes_of_precedence():
    words = {
        node.value
        for node in ast.walk(ast.parse((FOLDER / "precedence.py").read_text("utf-8")))
        if isinstance(node, ast.Constant)
    }
    return {word for word in words if isinstance(word, str) and word.startswith("LEAD_") and word.isupper()}


def test_an_unknown_code_is_no_line():
    trace = Trace()
    trace.add("NO_SUCH_RULE")
    with pytest.raises(KeyError):
        trace.lines()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_both_languages_have_the_same_placeholders(code):
    assert placeholders(SENTENCES[code].zh) == placeholders(SENTENCES[code].en)


@pytest.mark.parametrize(("code", "values"), [call for call in calls() if call[0]])
def test_sentence_uses_what_the_rule_gives(code, values):
    assert placeholders(SENTENCES[code].en) <= values


def test_leads_give_department_name_and_row():
    values = {values for code, names in calls() if code is None for values in names}
    for code in codes_of_precedence():
        assert placeholders(SENTENCES[code].en) <= values


def test_no_sentence_without_a_rule():
    assert {code for code, _ in calls() if code} | codes_of_precedence() | {TIE} == set(SENTENCES)


def test_lines_keep_the_order_and_fill_in_both_languages():
    trace = Trace()
    trace.add("CELL_INSIDE", "1", cell="1")
    trace.add("CHIEF_NONE")
    first, second = trace.lines()
    assert (first.ids, first.zh, first.en) == (("1",), "该点位于单元网格 1 内。", "The point lies inside cell 1.")
    assert second.code == "CHIEF_NONE"


def test_names_stand_before_codes_and_blanks_only_beside_letters():
    trace = Trace()
    areas = (Named("99", "湖区"), Named("9901", "Lake Street"))
    trace.add("AREAS_BY_CODE", areas=areas)
    trace.add("FLAG_NEAR_BOUNDARY", radius="10", bodies=(Named("EAST", "东街道"), Named("X")))
    tree, bodies = trace.lines()
    assert tree.zh == "辖区由单元网格的编码隶属关系确定：湖区（99） > Lake Street（9901）。"
    assert tree.en.endswith("code tree: 湖区 (99) > Lake Street (9901).")
    assert bodies.zh == "10 米内另有责任主体：东街道（EAST）、X。"
    assert bodies.en == "Within 10 m another responsible body answers: 东街道 (EAST), X."


def test_every_role_and_kind_of_target_has_its_word():
    assert set(load_words()) == {*Role, *TargetKind, *Part} - {Part.LEAD} | NAMING_RULES
    trace = Trace()
    trace.add("CHIEF_VACANT", role="LANE_CHIEF", kind="segment", target="L-A")
    (line,) = trace.lines()
    assert line.zh == "街巷段 L-A 的巷长岗位空缺，上移一级。"
    assert line.en == "The post of lane chief of segment L-A is vacant: one level up."


@pytest.mark.parametrize(
    ("metres", "said"),
    [(16.481, "16"), (9.951, "10"), (9.94, "9.9"), (6.0, "6"), (0.0, "0"), (0.04, "0"), (102.5, "102")],
)
def test_metres_are_told_as_people_say_them(metres: float, said: str) -> None:
    trace = Trace()
    trace.add("SEGMENT_NEAREST", "L", segment=Named("L", "杏花巷"), distance=metres, radius="50")
    [line] = trace.lines()
    assert f"距离 {said} 米" in line.zh
    assert f"{said} m away" in line.en
