"""Fields of files to columns of ours: said, by name, by alias, cut by DBF."""

import dataclasses

import pytest

from geodata.columns import kind_by_ending, list_columns, match_columns, validity_columns, words_of
from gridsvc.model.roster import ROSTER_TABLES
from gridsvc.model.territory import FEATURE_TYPES, Layer


def match(fields: list[str], said: dict[str, str] | None = None, layer: str = "cells") -> dict[str, str]:
    return dict(match_columns(layer, fields, said or {}, list_columns(layer), "f.shp").fields)


def test_map_to_a_missing_field_is_told_with_the_fields_there_are() -> None:
    matched = match_columns("cells", ["a", "b"], {"code": "c"}, list_columns("cells"), "f.shp")
    assert [issue.code for issue in matched.issues] == ["COLUMN_MISSING"]
    assert matched.issues[0].values["fields"] == "a, b"


def test_map_to_an_unknown_column_is_told() -> None:
    matched = match_columns("cells", ["a"], {"colour": "a"}, list_columns("cells"), "f.shp")
    assert [issue.code for issue in matched.issues] == ["COLUMN_UNKNOWN"]


@pytest.mark.parametrize(
    "field", ["code", "CODE", "BGID", "bgid", "网格编码", "单元网格编码", "cell_code", "Cell Code"]
)
def test_aliases_in_both_languages(field: str) -> None:
    assert match([field]) == {"code": field}


def test_what_was_said_wins_over_names() -> None:
    assert match(["code", "BGID", "name"], {"code": "BGID"}) == {"code": "BGID", "name": "name"}


def test_the_own_name_wins_over_aliases_and_the_rest_is_left_over() -> None:
    matched = match_columns("cells", ["BGID", "code", "colour"], {}, list_columns("cells"), "f.shp")
    assert matched.fields == {"code": "code"}
    assert matched.extra == ("BGID", "colour")


@pytest.mark.parametrize(
    ("field", "column"), [("responsibl", "responsible_body"), ("单元网格编", "code"), ("community_", "area")]
)
def test_names_cut_by_dbf_are_understood(field: str, column: str) -> None:
    assert match([field])[column] == field


def test_short_names_are_not_taken_for_cut_ones() -> None:
    assert match(["respons"]) == {}


def test_field_standard_names_of_components() -> None:
    fields = ["ObjID", "ObjName", "DeptCode1", "DeptCode2", "DeptCode3", "ObjState"]
    assert list(match(fields, layer="components")) == ["code", "name", "competent", "owner", "maintainer", "state"]


@pytest.mark.parametrize("layer", list(Layer))
def test_columns_of_layers_are_the_fields_of_the_model(layer: Layer) -> None:
    ours = set(list_columns(layer.value)) - {"x", "y"}
    assert ours == {field.name for field in dataclasses.fields(FEATURE_TYPES[layer])}


@pytest.mark.parametrize("table", list(ROSTER_TABLES))
def test_columns_of_roster_tables_are_the_fields_of_the_model(table: str) -> None:
    dated = set(validity_columns()) if table != "shifts" else set()
    assert set(list_columns(table)) | dated == {field.name for field in dataclasses.fields(ROSTER_TABLES[table])}


def test_words_of_enumerations_in_chinese() -> None:
    assert words_of("level")["街道"] == "SUBDISTRICT"
    assert words_of("role")["小巷管家"] == "STEWARD"


@pytest.mark.parametrize(
    ("name", "kind"), [("南锣鼓巷", "LANE"), ("帽儿胡同", "HUTONG"), ("平安大街", "STREET"), ("Elm Lane", "LANE")]
)
def test_kind_of_a_segment_by_its_name(name: str, kind: str) -> None:
    assert kind_by_ending(name) == kind
