"""Code schemes as data: forms, levels, parents, padding, severities, a city's own file."""

from pathlib import Path

import pytest

from geodata.schemes import Schemes, load_schemes
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Severity
from gridsvc.model.territory import Layer, Level


@pytest.fixture(scope="module")
def schemes() -> Schemes:
    return load_schemes(None)


def write(folder: Path, text: str) -> Path:
    path = folder / "schemes.toml"
    path.write_text(text, "utf-8")
    return path


def test_unknown_scheme_lists_the_known_ones(schemes: Schemes) -> None:
    with pytest.raises(InvalidInput, match="GRID_DB11_2157"):
        schemes.get("GRID_X")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[A", "no TOML"),
        ("A = 3", "must be a table"),
        ("[A]\nlayer = 'moon'\npattern = '.'", "scheme A"),
        ("[A]\nlayer = 'cells'\npattern = '('", "scheme A"),
        ("[A]\nlayer = 'cells'", "pattern"),
        ("[A]\nlayer = 'cells'\npattern = '.'\nwhat = 1", "what"),
        ("[A]\nlayer = 'cells'\npattern = '.'\n[A.severity]\nNO_SUCH = 'NOTE'", "NO_SUCH"),
        ("[A]\nlayer = 'cells'\npattern = '.'\n[A.severity]\nCODE_FORM = 'LOUD'", "scheme A"),
        ("[A]\nlayer = 'areas'\npattern = '.'\nstored_as = 'B'", "unknown scheme B"),
    ],
)
def test_a_wrong_schemes_file_is_refused_and_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        load_schemes(write(tmp_path, text))


def test_a_schemes_file_that_is_no_text_is_refused_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput) as refused:
        load_schemes(tmp_path / "s.toml")
    assert str(tmp_path) not in refused.value.message


def test_a_city_adds_schemes_and_changes_severities(tmp_path: Path) -> None:
    own = load_schemes(write(tmp_path, "[GRID_X]\nlayer='cells'\npattern='X\\d+'\n[GRID_X.severity]\nCODE_FORM='NOTE'"))
    assert own.get("GRID_X").fits("X12")
    assert own.severity("GRID_X", "CODE_FORM") is Severity.NOTE
    assert own.severity("GRID_DB11_2157", "CODE_FORM") is Severity.BLOCK
    assert own.severity("NOBODY", "CODE_FORM") is Severity.BLOCK


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("110101", Level.DISTRICT, None),
        ("110101001", Level.SUBDISTRICT, "110101"),
        ("110115103", Level.TOWNSHIP, "110115"),
        ("110115399", Level.TOWNSHIP, "110115"),
        ("110115400", Level.SUBDISTRICT, "110115"),
        ("110101001001", Level.COMMUNITY, "110101001"),
        ("110115103200", Level.VILLAGE, "110115103"),
        ("110115103498", Level.COMMUNITY, "110115103"),
    ],
)
def test_level_and_parent_by_code(schemes: Schemes, code: str, level: Level, parent: str | None) -> None:
    assert schemes.level_of("ADMIN_GB2260", code) is level
    assert schemes.parent_of("ADMIN_GB2260", code) == parent


@pytest.mark.parametrize(
    ("scheme", "code", "parent"),
    [
        ("GRID_DB11_2157", "110101001001003", "110101001001"),
        ("GRID_CJT213", "11010100100103", "110101001001"),
        ("GRID_CJT349", "00000111010100100103", "110101001001"),
        ("GRID_CJT349", "00000111010100160103", "110101001"),
        ("GRID_LOCAL", "A-1", None),
        ("NOBODY", "A-1", None),
    ],
)
def test_area_of_a_cell_by_code(schemes: Schemes, scheme: str, code: str, parent: str | None) -> None:
    assert schemes.parent_of(scheme, code) == parent


@pytest.mark.parametrize(
    ("scheme", "code", "fits"),
    [
        ("GRID_DB11_2157", "110101001001003", True),
        ("GRID_DB11_2157", "110101001001000", False),
        ("GRID_DB11_2157", "11010100100103", False),
        ("GRID_DB11_2157", "１１０101001001003", False),
        ("GRID_CJT213", "11010100100103", True),
        ("ADMIN_GB2260", "1101010010", False),
        ("STREET_LOCAL", "L 1", False),
    ],
)
def test_form_of_codes(schemes: Schemes, scheme: str, code: str, fits: bool) -> None:
    assert schemes.get(scheme).fits(code) is fits


def test_fourteen_digits_are_known_as_the_other_scheme(schemes: Schemes) -> None:
    beijing = schemes.get("GRID_DB11_2157")
    assert schemes.others_that_fit(beijing, "11010100100103") == ["GRID_CJT213"]
    assert schemes.others_that_fit(beijing, "1") == []


@pytest.mark.parametrize(
    ("padded", "short"),
    [
        ("110101000000", "110101"),
        ("110101001000", "110101001"),
        ("110101001001", "110101001001"),
        ("110100000000", "110100"),
    ],
)
def test_padding_is_taken_off_level_by_level(schemes: Schemes, padded: str, short: str) -> None:
    assert schemes.get("ADMIN_STAT12").unpad(padded) == short
    assert schemes.get("ADMIN_GB2260").unpad(padded) == padded


def test_codes_above_the_district_are_known(schemes: Schemes) -> None:
    assert schemes.get("ADMIN_GB2260").is_above("110100")
    assert not schemes.get("ADMIN_GB2260").is_above("110101")


def test_category_is_part_of_a_component_code_in_one_layout_only(schemes: Schemes) -> None:
    assert schemes.get("COMP_2_2_6").category_of("3205080101000001") == ("COMPONENT_CJT214", "0101")
    assert schemes.get("COMP_2_3_5").category_of("3205080101000001") is None


@pytest.mark.parametrize("layer", list(Layer))
def test_every_layer_has_one_default_scheme(schemes: Schemes, layer: Layer) -> None:
    assert [s.default for s in schemes.list_for(layer)].count(True) == 1
    assert schemes.default_for(layer).layer is layer
