"""An index of names: Chinese, pinyin, initials and mixtures of them, with one error forgiven. Read-only once built.

Measured at 300,000 places by `python -m benchmarks search`.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import orjson

from gridsvc.search.blob import END, Blob
from gridsvc.search.entries import Entry, Hit, Likeness
from gridsvc.search.mixed import initials_of, is_read_as
from gridsvc.search.near import one_error_places
from gridsvc.search.pinyin import ways_to_read
from gridsvc.search.writing import canonical, numerals_as_digits, plain, words

LOOKED_AT = 300
"""How many candidates of one likeness are looked at; names are in order of length, so the best are among them."""

FEWEST_SIGNS_WITH_ERROR = 3
Found = dict[int, tuple[Likeness, int]]


class NameIndex:
    """Every name of every entry, as it is written, with digits, in pinyin and in initials."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        spellings = sorted(_spellings(entries), key=lambda row: (len(row[0]), row[0]))
        kept: dict[Entry, int] = {}
        self._entry_of = np.array([kept.setdefault(row[3], len(kept)) for row in spellings], np.int32)
        self._entries = [_packed(entry) for entry in kept]
        del kept
        self._written = Blob([row[0] for row in spellings])
        self._digits = Blob([numerals_as_digits(row[0]) for row in spellings])
        self._sounds = Blob([row[1] for row in spellings])
        self._initials = Blob([row[2] for row in spellings])

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, typed: str, most: int, wanted: Callable[[Entry], bool] = lambda _: True) -> list[Hit]:
        """The best entries, best first; what matches as written comes before what sounds or looks alike."""
        signs, letters = canonical(typed), plain(typed)
        found: Found = {}
        if not signs:
            return []
        self._as_written(signs, words(typed), found)
        if letters.isascii() and any(sign.isalpha() for sign in letters):
            self._as_sounds(letters, found)
        if len(found) < most and any("a" <= sign <= "z" for sign in letters):
            self._mixed(letters, found)
        if not found:
            self._with_error(signs, letters, found)
        hits = [Hit(self._entry(number), *how) for number, how in sorted(found.items(), key=lambda row: row[1])]
        return sorted((hit for hit in hits if wanted(hit.entry)), key=lambda hit: hit.order)[:most]

    def _entry(self, number: int) -> Entry:
        kind, code, scheme, name, detail, lon, lat, bbox = orjson.loads(self._entries[number])
        return Entry(kind, code, scheme, name, detail, lon, lat, None if bbox is None else tuple(bbox))

    def _take(self, found: Found, blob: Blob, part: str, likeness: Likeness) -> None:
        for number, _ in blob.find(part, LOOKED_AT):
            longer = blob.end_of(number) - blob.begin_of(number) - len(part.strip(END))
            self._put(found, number, likeness, longer)

    def _put(self, found: Found, number: int, likeness: Likeness, longer: int) -> None:
        entry = int(self._entry_of[number])
        how = (likeness, longer)
        if entry not in found or how < found[entry]:
            found[entry] = how

    def _as_written(self, signs: str, parts: list[str], found: Found) -> None:
        self._take(found, self._digits, END + signs + END, Likeness.EXACT)
        self._take(found, self._digits, END + signs, Likeness.BEGINS)
        if len(found) < LOOKED_AT:
            self._take(found, self._digits, signs, Likeness.CONTAINS)
        if not found and len(parts) > 1:
            self._all_of([numerals_as_digits(part) for part in parts], found)

    def _all_of(self, parts: list[str], found: Found) -> None:
        """Names that hold every word, in any order."""
        rarest = max(parts, key=len)
        for number, _ in self._digits.find(rarest, 20 * LOOKED_AT):
            begin, end = self._digits.begin_of(number), self._digits.end_of(number)
            if all(self._digits.text.find(part, begin, end) >= 0 for part in parts):
                self._put(found, number, Likeness.CONTAINS, end - begin - sum(map(len, parts)))

    def _as_sounds(self, letters: str, found: Found) -> None:
        for blob in (self._sounds, self._initials):
            self._take(found, blob, END + letters + END, Likeness.PINYIN_EXACT)
            self._take(found, blob, END + letters, Likeness.PINYIN_BEGINS)
            if len(letters) > 1:
                self._take(found, blob, letters, Likeness.PINYIN_CONTAINS)

    def _mixed(self, letters: str, found: Found) -> None:
        for pieces, initials in initials_of(letters):
            for part in (END + initials, initials):
                for number, place in self._initials.find(part, LOOKED_AT):
                    offset = place + part.startswith(END) - self._initials.begin_of(number)
                    begin = self._written.begin_of(number)
                    signs = self._written.text[begin + offset : begin + offset + len(pieces)]
                    if is_read_as(signs, pieces):
                        longer = self._written.end_of(number) - begin - len(pieces)
                        self._put(found, number, Likeness.PINYIN_CONTAINS if offset else Likeness.PINYIN_BEGINS, longer)

    def _with_error(self, signs: str, letters: str, found: Found) -> None:
        blobs = [(self._digits, signs)]
        if letters.isascii() and not letters.isdigit():
            blobs.append((self._sounds, letters))
        for blob, typed in blobs:
            if len(typed) >= FEWEST_SIGNS_WITH_ERROR:
                for place in one_error_places(blob.text, typed):
                    number = blob.number_at(place)
                    self._put(found, number, Likeness.ONE_ERROR, blob.end_of(number) - blob.begin_of(number))


def _spellings(entries: Iterable[Entry]) -> Iterator[tuple[str, str, str, Entry]]:
    """(plain name, its sound, its initials, whose it is) of every name and every way to read it."""
    for entry in entries:
        for name in dict.fromkeys([plain(entry.name), *map(plain, entry.other_names)]):
            if name:
                for way in ways_to_read(name):
                    yield name, "".join(way), "".join(sound[0] for sound in way), entry


def _packed(entry: Entry) -> bytes:
    fields = (entry.kind, entry.code, entry.scheme, entry.name, entry.detail, entry.lon, entry.lat, entry.bbox)
    return orjson.dumps(fields)
