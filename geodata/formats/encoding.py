"""Which encoding a text has: as said, as marked, else by strict decoding; a doubtful guess is told, never silent."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

# Language driver ids in the 30th byte of a DBF that name one code page for sure; 0x57 and 0x03 are set by anyone.
LANGUAGE_DRIVERS = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5", 0x13: "cp932", 0x7B: "cp932"}
LANGUAGE_DRIVERS |= {0x4E: "cp949", 0x79: "cp949", 0x7C: "cp874", 0xC8: "cp1250", 0xC9: "cp1251", 0xCB: "cp1253"}
_SINGLE_BYTE = ("iso8859", "cp125", "cp437", "cp850", "latin")
_COMMON_HAN = range(0xB0, 0xD8)


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding found by its bytes; `sure` is false where other encodings would read them as well."""

    name: str
    sure: bool


def find_codec(name: str) -> str | None:
    """Python's name of an encoding; GBK and GB2312 are read as GB18030, which holds both. None: unknown."""
    label = name.strip().strip('"').upper().replace("ANSI ", "CP")
    if label.isdigit():
        label = {"65001": "UTF-8", "936": "GBK", "54936": "GB18030"}.get(label, f"CP{label}")
    label = {"BIG-5": "BIG5", "KOI8R": "KOI8-R", "KOI8U": "KOI8-U", "EUCKR": "EUC-KR"}.get(label, label)
    try:
        found = codecs.lookup(label).name
        "".encode(found)
    except (LookupError, ValueError, UnicodeError, TypeError):
        return None
    return "gb18030" if found in {"gbk", "gb2312", "cp936"} else found


def decodes(values: Sequence[bytes], encoding: str) -> bool:
    """Whether every value is text in the encoding."""
    try:
        return not any("\ufffd" in value.decode(encoding) for value in values)
    except UnicodeDecodeError:
        return False


def _common_chinese_share(values: Sequence[bytes]) -> float:
    """Share of two-byte characters that are common Han or full-width signs of GB 2312; 0 without any."""
    pairs = common = 0
    for value in values:
        at = 0
        while at < len(value):
            if value[at] < 0x80:
                at += 1
                continue
            pairs += 1
            second = value[at + 1] if at + 1 < len(value) else 0
            common += second >= 0xA1 and (value[at] in _COMMON_HAN or value[at] in {0xA1, 0xA3})
            at += 2
    return common / pairs if pairs else 0.0


def guess_encoding(values: Sequence[bytes]) -> Guess | None:
    """UTF-8 (ASCII too) when it decodes strictly; else Chinese when the bytes look it; else None: it must be said."""
    if decodes(values, "utf-8"):
        return Guess("utf-8", sure=True)
    if decodes(values, "gb18030") and _common_chinese_share(values) >= 0.7:
        return Guess("gb18030", sure=False)
    return None


def find_mojibake(values: Sequence[bytes], encoding: str) -> str | None:
    """The encoding that the bytes rather are, where they were declared as one that fits any byte; else None."""
    if not encoding.replace("-", "").replace("_", "").startswith(_SINGLE_BYTE):
        return None
    high = [value for value in values if any(byte >= 0x80 for byte in value)]
    if not high:
        return None
    if decodes(high, "utf-8"):
        return "UTF-8"
    return "GBK" if decodes(high, "gb18030") and _common_chinese_share(high) >= 0.9 else None
