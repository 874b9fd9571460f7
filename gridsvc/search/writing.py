"""How what was typed and what is found are made alike: width, case, blanks, punctuation, Chinese numerals."""

import re
import unicodedata

_NUMERALS = {sign: digit for digit, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_OTHER = re.compile(r"[\W_]+")
_RUN = re.compile("[〇零一二三四五六七八九十百]+")
_TENS = re.compile("(?:([一二三四五六七八九])?百)?(?:[零〇]?([一二三四五六七八九])?十)?[零〇]?([一二三四五六七八九])?")


def plain(text: str) -> str:
    """Full-width signs as plain ones, small letters, and of the rest only letters and digits."""
    return _OTHER.sub("", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> list[str]:
    """The parts that blanks and punctuation leave, each plain."""
    parts = _OTHER.sub(" ", unicodedata.normalize("NFKC", text)).split()
    return [plain(part) for part in parts]


def canonical(text: str) -> str:
    """Plain text with Chinese numerals as digits: 东四六条57号 and 东四6条五十七号 become one."""
    return numerals_as_digits(plain(text))


def numerals_as_digits(text: str) -> str:
    """Runs with 十 or 百 as the number that they say, others digit by digit."""
    return _RUN.sub(lambda match: _digits(match.group()), text)


def numeral_of(digit: str) -> str:
    """The Chinese numeral of a digit."""
    return "〇一二三四五六七八九"[int(digit)]


def _digits(run: str) -> str:
    match = _TENS.fullmatch(run)
    if match is None or not ("十" in run or "百" in run):
        return "".join(str(_NUMERALS[sign]) if sign in _NUMERALS else {"十": "10", "百": "100"}[sign] for sign in run)
    hundreds, tens, ones = match.groups()
    number = _NUMERALS[ones] if ones else 0
    if "十" in run:
        number += 10 * (_NUMERALS[tens] if tens else 1)
    if "百" in run:
        number += 100 * (_NUMERALS[hundreds] if hundreds else 1)
    return str(number)
