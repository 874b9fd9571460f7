"""Words in arrays: every word comes back as it was, and none is made up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridsvc.index.columns.words import pack_repeated, pack_words

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.parametrize("row", [3, -4])
def test_a_row_that_is_not_there_is_refused(row):
    words = pack_words(["东城区", "", "a"])
    with pytest.raises(IndexError):
        words[row]


def test_no_words_are_an_empty_list():
    assert list(pack_words([])) == []
    assert list(pack_repeated([])) == []


@given(st.lists(TEXT))
def test_words_come_back(words):
    packed = pack_words(words)
    assert list(packed) == [packed[row] for row in range(len(packed))] == words
    assert [packed[row] for row in range(-len(words), 0)] == words


@given(st.lists(st.none() | TEXT))
def test_repeated_words_come_back_and_are_kept_once(words):
    packed = pack_repeated(words)
    assert list(packed) == [packed[row] for row in range(len(packed))] == words
    assert len(packed.values) == len(set(words) - {None})


@given(st.lists(TEXT, min_size=1), st.data())
def test_some_of_them_are_taken_in_the_order_asked_for(words, data):
    rows = data.draw(st.lists(st.integers(0, len(words) - 1)))
    asked = np.array(rows, np.int64)
    assert list(pack_words(words).take(asked)) == [words[row] for row in rows]
    assert list(pack_repeated(words).take(asked)) == [words[row] for row in rows]
