"""Rows by key and by code, found by bisection as a dictionary would find them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridsvc.index.columns.keys import KeyPacker, RowsByCode, RowsByKey, order_of_codes
from gridsvc.index.columns.words import pack_words
from gridsvc.model.places import Key
from gridsvc.model.territory import Group, GroupKind

WORD = st.text(st.characters(codec="utf-8"), max_size=3)


def rows_by_key(keys):
    packer = KeyPacker()
    for key in keys:
        packer.add(Group(*key, "", GroupKind.DUTY))
    return RowsByKey(packer.packed())


def test_a_key_that_is_not_there_is_refused():
    rows = rows_by_key([Key("A", "2"), Key("B", "1")])
    for key in (Key("A", "1"), Key("A", "3"), Key("C", "1")):
        assert key not in rows
        with pytest.raises(KeyError):
            rows[key]


@given(st.sets(st.tuples(WORD, WORD)))
def test_rows_by_key_are_those_of_a_dictionary(pairs):
    keys = sorted(Key(*pair) for pair in pairs)
    rows = rows_by_key(keys)
    assert dict(rows) == {key: row for row, key in enumerate(keys)}
    assert list(rows) == keys


@given(st.lists(WORD), WORD)
def test_rows_by_code_are_those_of_a_dictionary(codes, other):
    words = pack_words(codes)
    rows = RowsByCode(words, order_of_codes(words))
    assert dict(rows) == {code: row for row, code in enumerate(codes)}
    assert rows.get(other, -1) == dict(rows).get(other, -1)
