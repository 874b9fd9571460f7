"""One box for names: as written, with digits, in pinyin, in initials, mixed, and with one error."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridsvc.search.blob import BlobWriter
from gridsvc.search.codes import CodeIndex
from gridsvc.search.entries import Entry, Likeness
from gridsvc.search.names import NameIndex
from gridsvc.search.near import begins_with_one_error
from gridsvc.search.writing import canonical

NAMES = (
    "东四六条57号院",
    "东四六条58号院",
    "东四六条",
    "东四十条5号",
    "东四十二条7号",
    "西四北大街57号",
    "长安里3号",
    "重光巷",
    "草帽胡同便民菜店",
    "柳泉路",
    "绿柳巷2号",
    "杏影公园",
    "银行街12号",
    "南锣鼓巷",
    "Apricot Lane",
    "老李便民超市",
    "老李头小卖部",
    "老王超市",
)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    entries = [Entry("place", str(number), "S", name) for number, name in enumerate(NAMES)]
    return NameIndex([*entries, Entry("place", "x", "S", "五福里", other_names=("老染坊", "福字院"))])


def names(index: NameIndex, typed: str) -> list[str]:
    return [hit.entry.name for hit in index.find(typed, 10) or index.find_misspelt(typed, 10)]


@pytest.mark.parametrize("typed", ["", "   ", "，。", "云桥", "zzzz", "不存在的地方", "\n", "9" * 200])
def test_nothing_is_found_for_what_is_not_there(index: NameIndex, typed: str) -> None:
    assert names(index, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "东四六条57号院",
        "东四六条57号",
        "东四６条５７号院",
        "东四六条五十七号",
        "东四 六条 57号",
        "东46条57号",
        "六条57号",
        "dongsiliutiao57",
        "dongsi liutiao 57",
        "Dongsi Liutiao 57 hao",
        "dslt57",
        "DSLT57HY",
        "dongs lt57",
        "东四liutiao57",
        "东si六t57",
        "dongsi6tiao57",
        "57号 六条",
        "东四六条67号院",
        "东四大条57号院",
        "东四六条7号院",
        "dongsiliudiao57",
    ],
)
def test_the_place_is_found_however_it_is_typed(index: NameIndex, typed: str) -> None:
    assert names(index, typed)[0] == "东四六条57号院"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("东四12条", "东四十二条7号"),
        ("东四10条", "东四十条5号"),
        ("changanli", "长安里3号"),
        ("zhangan", "长安里3号"),
        ("cal3", "长安里3号"),
        ("chongguang", "重光巷"),
        ("lvliu", "绿柳巷2号"),
        ("yinhang", "银行街12号"),
        ("nlgx", "南锣鼓巷"),
        ("caomao", "草帽胡同便民菜店"),
        ("便民菜店", "草帽胡同便民菜店"),
        ("老染坊", "五福里"),
        ("laoranfang", "五福里"),
        ("apricot", "Apricot Lane"),
        ("apricut lane", "Apricot Lane"),
        ("老李超市", "老李便民超市"),
        ("laolichaoshi", "老李便民超市"),
        ("草帽便民菜店", "草帽胡同便民菜店"),
        ("草帽菜店", "草帽胡同便民菜店"),
        ("东四57号院", "东四六条57号院"),
        ("东四5号", "东四十条5号"),
    ],
)
def test_readings_aliases_and_numerals(index: NameIndex, typed: str, name: str) -> None:
    assert names(index, typed)[0] == name


def test_the_order_is_exact_beginning_inside_sound_error(index: NameIndex) -> None:
    hits = index.find("东四六条", 10)
    assert [hit.entry.name for hit in hits[:2]] == ["东四六条", "东四六条57号院"]
    assert [hit.likeness for hit in hits[:2]] == [Likeness.EXACT, Likeness.BEGINS]
    assert index.find("57号", 1)[0].likeness is Likeness.CONTAINS
    assert index.find("dslt", 1)[0].likeness is Likeness.PINYIN_EXACT
    assert index.find("东四六条57号元", 1) == []
    assert index.find_misspelt("东四六条57号元", 1)[0].likeness is Likeness.ONE_ERROR


def test_what_was_left_out_comes_before_what_is_wrong() -> None:
    index = NameIndex(Entry("place", name, "S", name) for name in ("老王超市", "老李便民超市", "老李便民大超市"))
    found = index.find_misspelt("老李超市", 10)
    assert [(hit.entry.name, hit.likeness) for hit in found] == [
        ("老李便民超市", Likeness.LEFT_OUT),
        ("老李便民大超市", Likeness.LEFT_OUT),
        ("老王超市", Likeness.ONE_ERROR),
    ]


def test_what_sounds_like_a_beginning_is_found_with_all_that_begins_so(index: NameIndex) -> None:
    assert names(index, "laoli") == ["老李便民超市", "老李头小卖部"]


def test_nothing_is_left_out_between_two_names() -> None:
    index = NameIndex([Entry("place", "1", "S", "老李面馆"), Entry("place", "2", "S", "便民超市")])
    assert index.find_misspelt("老李超市", 10) == []


@given(
    st.lists(st.text("东西南北街巷12", min_size=7, max_size=9), min_size=1, max_size=300), st.integers(1, 3), st.data()
)
def test_whatever_is_left_out_it_is_found(texts: list[str], gram: int, data: st.DataObject) -> None:
    writer = BlobWriter(gram)
    for text in texts:
        writer.add(text)
    blob, text = writer.finish(), data.draw(st.sampled_from(texts))
    first = data.draw(st.integers(gram, len(text) - gram - 1))
    second = data.draw(st.integers(first + 1, len(text) - gram))
    typed = text[:first] + text[second:]
    holds = re.compile("|".join(f"{typed[:cut]}.+{typed[cut:]}" for cut in range(gram, len(typed) - gram + 1)))
    found = {blob.number_at(place) for place in blob.places_of_halves(typed, 10_000)}
    assert found == {number for number, each in enumerate(texts) if holds.search(each)}


def test_an_entry_is_named_once(index: NameIndex) -> None:
    assert names(index, "福").count("五福里") == 1
    assert len(index.find("东四", 10)) == 5


def test_many_words_are_no_more_work_than_few(index: NameIndex) -> None:
    assert names(index, "号 " * 50 + "东四 六条 57") == ["东四六条57号院"]


@given(
    st.lists(st.text("东西南北街巷12a", min_size=1, max_size=9), min_size=1, max_size=400), st.integers(0, 3), st.data()
)
def test_every_place_of_a_part_is_found_however_long_the_text(texts: list[str], gram: int, data: st.DataObject) -> None:
    writer = BlobWriter(gram)
    for text in texts:
        writer.add(text)
    blob, number = writer.finish(), data.draw(st.integers(0, len(texts) - 1))
    begin = data.draw(st.integers(0, len(texts[number]) - 1))
    part = texts[number][begin : begin + data.draw(st.integers(1, 5))]
    assert list(blob.places(part, 10_000)) == [at for at in range(len(blob.text)) if blob.text.startswith(part, at)]
    holding = [number for number, text in enumerate(texts) if part in text]
    assert [number for number, _ in blob.parts(part, 10_000)] == holding
    assert [number for number, _ in blob.parts(part, 2)] == holding[:2]


def test_an_index_of_nothing_finds_nothing() -> None:
    assert NameIndex([]).find("东四", 5) == []


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("东四六条", "东46条"),
        ("十号", "10号"),
        ("二十三", "23"),
        ("一百零三号", "103号"),
        ("一百一十", "110"),
        ("百货", "100货"),
        ("〇", "0"),
        ("１２Ａ", "12a"),
    ],
)
def test_numerals(text: str, same: str) -> None:
    assert canonical(text) == same


@given(st.text("ab东四5", min_size=2, max_size=8), st.integers(0, 7), st.sampled_from("ab东x"), st.sampled_from("sid"))
def test_every_single_error_is_forgiven(text: str, at: int, sign: str, way: str) -> None:
    at %= len(text)
    wrong = {
        "s": text[:at] + sign + text[at + 1 :],
        "i": text[:at] + sign + text[at:],
        "d": text[:at] + text[at + 1 :],
    }[way]
    assert begins_with_one_error(wrong, text)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    index = NameIndex([Entry("place", "1", "S", text), Entry("place", "2", "S", "东四六条57号院")])
    index.find(text, 5)
    index.find_misspelt(text, 5)


def test_codes_by_their_beginning_grouped_or_not() -> None:
    codes = CodeIndex(["110101001001003", "110101001001004", "110102", "H0246-01"])
    assert codes.find("110101 001 001 003", 5) == [(0, True)]
    assert codes.find("110101001001", 5) == [(0, False), (1, False)]
    assert codes.find("h0246", 5) == [(3, False)]
    assert codes.find("11", 5) == []
    assert codes.find("1101", 2) == [(0, False), (1, False)]
    assert codes.find("h0246\x00", 5) == [(3, False)]
    assert CodeIndex([]).find("110101", 5) == []
