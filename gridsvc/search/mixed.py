"""What is typed half in pinyin, half in initials, characters or digits: cut into pieces, one for each character."""

from collections.abc import Iterator
from itertools import islice, product

from gridsvc.search.pinyin import is_han, readings, syllables
from gridsvc.search.writing import numeral_of

MOST_CUTS, MOST_WAYS = 12, 4
MOST_SIGNS = 40
_LONGEST = 6
_PAIRS = ("zh", "ch", "sh")


def initials_of(letters: str) -> list[tuple[tuple[str, ...], str]]:
    """Ways to cut what was typed, the longest syllables first, each with the initials that it asks for."""
    found = []
    if 1 < len(letters) <= MOST_SIGNS:
        for pieces in islice(_cuts(letters, 0), MOST_CUTS):
            choices = [_initials(pieces, at) for at in range(len(pieces))]
            found += [(pieces, "".join(way)) for way in islice(product(*choices), MOST_WAYS)]
    return [cut for cut in found if len(cut[0]) > 1]


def is_read_as(signs: str, pieces: tuple[str, ...]) -> bool:
    """Whether each character is read as its piece, or is it; the last piece may be begun only."""
    last = len(pieces) - 1
    return len(signs) == len(pieces) and all(
        _fits(sign, piece, begun=at == last) for at, (sign, piece) in enumerate(zip(signs, pieces, strict=True))
    )


def _fits(sign: str, piece: str, *, begun: bool) -> bool:
    if sign == piece:
        return True
    if piece.isdecimal():
        return sign == numeral_of(piece)
    if len(piece) == 1 or piece in _PAIRS or begun:
        return any(reading.startswith(piece) for reading in readings(sign))
    return piece in readings(sign)


def _cuts(letters: str, at: int) -> Iterator[tuple[str, ...]]:
    if at == len(letters):
        yield ()
        return
    for piece in _pieces(letters, at):
        for rest in _cuts(letters, at + len(piece)):
            yield (piece, *rest)


def _pieces(letters: str, at: int) -> Iterator[str]:
    """What may come next: a syllable, the longest first, or one sign."""
    if "a" <= letters[at] <= "z":
        for length in range(_LONGEST, 1, -1):
            piece = letters[at : at + length]
            if len(piece) == length and (piece in syllables() or piece in _PAIRS):
                yield piece
    yield letters[at]


def _initials(pieces: tuple[str, ...], at: int) -> str:
    """The letters that a character of a piece may begin with. A digit that stands alone may be a Chinese numeral."""
    piece = pieces[at]
    if is_han(piece):
        return readings(piece)[0][0]
    beside = pieces[max(0, at - 1) : at] + pieces[at + 1 : at + 2]
    if not piece.isdecimal() or any(other.isdecimal() for other in beside):
        return piece[0]
    return readings(numeral_of(piece))[0][0] + piece
