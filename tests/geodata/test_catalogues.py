"""The shipped category tables."""

from geodata.catalogues import load_categories, load_majors
from gridsvc.model.departments import CategoryKind

BY_KEY = {(category.scheme, category.code): category for category in load_categories()}


def test_no_key_twice():
    assert len(BY_KEY) == len(load_categories()) == 125


def test_codes_are_four_digits_that_begin_with_the_major():
    assert all(len(code) == 4 and code.isdigit() and BY_KEY[scheme, code].major == code[:2] for scheme, code in BY_KEY)


def test_every_major_of_a_category_is_in_the_table_of_majors():
    majors = {(major.scheme, major.code) for major in load_majors()}
    assert {(category.scheme, category.major) for category in BY_KEY.values()} <= majors


def test_the_same_code_means_two_things_in_two_schemes():
    assert BY_KEY["COMPONENT_CJT214", "0102"].name == "污水井盖"
    assert BY_KEY["EVENT_CJT214", "0102"].name == "暴露垃圾"


def test_kind_follows_the_scheme():
    assert all(category.kind is CategoryKind(scheme.split("_")[0]) for (scheme, _), category in BY_KEY.items())


def test_rows_that_no_second_list_confirms_are_marked_sample():
    unconfirmed = {code for (scheme, code), category in BY_KEY.items() if category.sample and scheme == "EVENT_CJT214"}
    assert {"0110", "0205", "0405", "0511", "0599"} <= unconfirmed
    assert not unconfirmed & {"0101", "0102", "0505", "0512"}


def test_both_languages_are_there():
    assert all(category.name and category.name_en.isprintable() for category in BY_KEY.values())
