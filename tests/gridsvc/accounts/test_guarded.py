"""Which categories of components are guarded: as shipped, as a city says, and all where nobody said."""

from pathlib import Path

import pytest

from geodata.schemes import load_schemes
from gridsvc.accounts.guarded import load_guarded
from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key

GAS, LAMP = Key("COMPONENT_CJT214", "0111"), Key("COMPONENT_CJT214", "0201")
OWN_GAS, OWN_LAMP = Key("CITY_PARTS", "G01"), Key("CITY_PARTS", "L01")


@pytest.mark.parametrize(
    "text", ["guarded = 3", '[guarded]\nCITY_PARTS = "G01"', "[guarded]\nCITY_PARTS = [1]", "[guar"]
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "schemes.toml").write_text(text)
    with pytest.raises(InvalidInput, match=r"schemes\.toml"):
        load_guarded(tmp_path / "schemes.toml")
    with pytest.raises(InvalidInput):
        load_guarded(tmp_path / "none.toml")


def test_of_a_scheme_that_nobody_declared_all_are_guarded() -> None:
    guarded = load_guarded(None)
    assert [guarded.covers(category) for category in (GAS, LAMP, OWN_GAS, OWN_LAMP)] == [True, False, True, True]


def test_a_city_says_which_of_its_own_are_guarded(tmp_path: Path) -> None:
    file = tmp_path / "schemes.toml"
    file.write_text('[guarded]\nCITY_PARTS = ["G01"]\n[CITY_CODES]\nlayer = "components"\npattern = "x+"\n')
    guarded = load_guarded(file)
    assert [guarded.covers(category) for category in (GAS, LAMP, OWN_GAS, OWN_LAMP)] == [True, False, True, False]
    assert guarded.digest != load_guarded(None).digest
    assert load_schemes(file).get("CITY_CODES").layer == "components"


def test_what_the_standard_leaves_to_cities_is_guarded_until_they_say(tmp_path: Path) -> None:
    own = Key("COMPONENT_CJT214", "2107")
    assert load_guarded(None).covers(own)
    file = tmp_path / "schemes.toml"
    file.write_text('[guarded]\nCOMPONENT_CJT214 = ["0111", "210*"]\n')
    assert [load_guarded(file).covers(key) for key in (own, Key("COMPONENT_CJT214", "2117"))] == [True, False]


def test_a_city_may_guard_none_or_more_of_the_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "schemes.toml"
    file.write_text('[guarded]\nCITY_PARTS = []\nCOMPONENT_CJT214 = ["0111", "0201"]\n')
    guarded = load_guarded(file)
    assert [guarded.covers(category) for category in (GAS, LAMP, OWN_GAS)] == [True, True, False]
