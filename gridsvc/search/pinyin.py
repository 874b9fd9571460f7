"""How Chinese characters are read, without tones; ü is v, as it is typed. The table is loaded when it is first asked.

One reading for a character, since phrases would cost a worker fifty megabytes; those that names of streets and people
often read in two ways have both.
"""

import os
import unicodedata
from functools import cache, lru_cache
from itertools import product

OFTEN_OTHERWISE = {
    "长": ("chang", "zhang"), "重": ("chong", "zhong"), "行": ("hang", "xing"), "乐": ("le", "yue"),
    "朝": ("chao", "zhao"), "都": ("du", "dou"), "厦": ("xia", "sha"), "单": ("dan", "shan"), "藏": ("cang", "zang"),
    "堡": ("bao", "pu"), "柏": ("bai", "bo"), "会": ("hui", "kuai"), "解": ("jie", "xie"), "曾": ("zeng", "ceng"),
    "区": ("qu", "ou"), "铺": ("pu",), "石": ("shi",), "大": ("da",), "车": ("che",), "地": ("di",), "和": ("he",),
}  # fmt: skip
MOST_READINGS = 4
_HAN = ("\u3400", "\u9fff")


def is_han(sign: str) -> bool:
    """Whether a character is a Chinese one that has a reading here."""
    return _HAN[0] <= sign <= _HAN[1] or sign == "〇"


def ways_to_read(text: str) -> list[tuple[str, ...]]:
    """Readings of a text, a syllable (or the sign itself) per character; the usual one first, never more than four."""
    choices = [OFTEN_OTHERWISE.get(sign) or readings(sign)[:1] for sign in text]
    found = []
    for way in product(*choices):
        found.append(way)
        if len(found) == MOST_READINGS:
            break
    return found


@lru_cache(maxsize=20_000)
def readings(sign: str) -> tuple[str, ...]:
    """All readings of a character, the usual one first; other signs are read as themselves."""
    marked = _table().get(ord(sign)) if is_han(sign) else None
    return (sign,) if marked is None else tuple(dict.fromkeys(_toneless(each) for each in marked.split(",")))


@cache
def syllables() -> frozenset[str]:
    """Every syllable that a character is read as."""
    return frozenset(_toneless(each) for marked in _table().values() for each in marked.split(","))


@cache
def _table() -> dict[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # read while it is imported
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - half a second, and only who searches needs it

    table: dict[int, str] = PINYIN_DICT
    return table


@lru_cache(maxsize=4_000)
def _toneless(marked: str) -> str:
    letters = unicodedata.normalize("NFD", marked).replace("u\u0308", "v").replace("ê", "e")
    return "".join(sign for sign in letters if "a" <= sign <= "z")
