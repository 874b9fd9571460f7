"""Questions that come again: asked once, whoever comes upon them, and answered as they were."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np

from gridsvc.index.batch.answers import NO_WORD, Answers, Words


def test_each_question_is_asked_once_and_minus_one_never():
    asked = []
    answers = Answers(5, Words(), lambda question: asked.append(question) or "abcde"[question])
    assert list(answers.column(np.array([3, -1, 0, 3]))) == ["d", None, "a", "d"]
    assert list(answers.column(np.array([0, 4, -1]))) == ["a", "e", None]
    assert sorted(asked) == [0, 3, 4]


def test_none_is_an_answer_too_and_is_kept():
    asked = []
    answers = Answers(2, Words(), asked.append)
    for _ in range(2):
        assert answers.numbers(np.array([1, 1])).tolist() == [NO_WORD, NO_WORD]
    assert asked == [1]


def test_equal_words_have_one_number_in_all_tables_that_share_them():
    words = Words()
    one, other = Answers(2, words, lambda _: "x"), Answers(2, words, lambda _: "x")
    assert one.numbers(np.array([0, 1])).tolist() == other.numbers(np.array([1, 0])).tolist() == [0, 0]
    assert words[0] == "x"


def test_a_column_of_few_rows_has_only_the_words_that_occur():
    answers = Answers(100, Words(), str)
    answers.numbers(np.arange(100))
    few = answers.column(np.array([7, -1, 7]))
    assert (list(few), few.values) == (["7", None, "7"], ["7"])
    assert answers.column(np.array([-1])).values == []
    assert list(answers.column(np.zeros(0, np.int64))) == []


def test_columns_of_many_rows_share_one_list_until_there_are_new_words():
    answers = Answers(3, Words(), str)
    first, second = answers.column(np.array([0, 1, 1, 0])), answers.column(np.array([1, 1, 0, 0]))
    assert first.values is second.values
    third = answers.column(np.array([0, 2, 1, 0]))
    assert (third.values, first.values) == (["0", "1", "2"], ["0", "1"])


def test_a_table_that_grew_knows_what_it_knew():
    asked = []
    answers = Answers(0, Words(), lambda question: asked.append(question) or str(question))
    for count in (1, 2, 50, 3):
        answers.grow(count)
        assert list(answers.column(np.array([-1, 0]))) == [None, "0"]
    assert list(answers.column(np.array([49, -1]))) == ["49", None]
    assert asked == [0, 49]


def test_threads_that_ask_alike_ask_once_and_agree():
    asked, start = [], Barrier(4)
    answers = Answers(3000, Words(), lambda question: asked.append(question) or f"word {question % 900}")

    def look(seed):
        start.wait()
        questions = np.random.default_rng(seed).integers(-1, 3000, 5000)
        return questions, list(answers.column(questions))

    with ThreadPoolExecutor(4) as pool:
        for questions, words in pool.map(look, range(4)):
            assert words == [None if q < 0 else f"word {q % 900}" for q in questions.tolist()]
    assert len(asked) == len(set(asked))
