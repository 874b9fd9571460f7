"""An index of names: Chinese, pinyin, initials and mixtures of them; a word left out or one error is forgiven.

Read-only once built. Measured at 300,000 places by `python -m benchmarks search`.
"""

from array import array
from collections.abc import Iterable, Iterator

import orjson

from gridsvc.search.blob import Blob, BlobWriter
from gridsvc.search.entries import Entry, Hit, Likeness
from gridsvc.search.mixed import initials_of, is_read_as
from gridsvc.search.near import one_error_places
from gridsvc.search.pinyin import ways_to_read
from gridsvc.search.writing import canonical, numerals_as_digits, plain, words

LOOKED_AT = 400
"""How many candidates of one likeness are looked at."""

WORD_LOOKED_AT = 4000
"""How many names with the longest of several words are looked at for the others."""

MOST_WORDS = 8
"""How many words, the longest ones, must be in a name."""

SEARCHED_THROUGH = 2
"""How many ways to cut what is typed are looked for inside names too; each is a search through all of them."""

FEWEST_WITH_ERROR = 3
Found = dict[int, tuple[Likeness, int]]


class NameIndex:
    """Every name of every entry: as it is written, with digits, in pinyin and in initials.

    What is common among one kind of things would hide another kind: each has an index of its own.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        written, digits, sounds, initials = BlobWriter(), BlobWriter(2), BlobWriter(3), BlobWriter(3)
        packed, self._ends = bytearray(), array("q", [0])
        self._entry_of = array("i")
        for number, entry in enumerate(entries):
            for name, way in _spellings(entry):
                written.add(name)
                digits.add(numerals_as_digits(name))
                sounds.add("".join(way))
                initials.add("".join(sound[0] for sound in way))
                self._entry_of.append(number)
            packed += _packed(entry)
            self._ends.append(len(packed))
        self._packed = bytes(packed)
        del packed
        self._written, self._digits = written.finish(), digits.finish()
        self._sounds, self._initials = sounds.finish(), initials.finish()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def find(self, typed: str, most: int) -> list[Hit]:
        """The best entries, best first; what matches as written comes before what sounds alike."""
        asked = _Asked(self)
        signs, letters = canonical(typed), plain(typed)
        if signs:
            asked.as_written(signs, words(typed), most)
            if any("a" <= sign <= "z" for sign in letters):
                asked.as_sounds(letters, most)
        return self._best(asked.found, most)

    def find_misspelt(self, typed: str, most: int) -> list[Hit]:
        """The best entries with a word left out or one error, for when nothing else is found: it takes longer."""
        asked = _Asked(self)
        asked.with_error(canonical(typed), plain(typed))
        return self._best(asked.found, most)

    def _best(self, found: Found, most: int) -> list[Hit]:
        best = sorted(found.items(), key=lambda row: row[1])[: 4 * most]
        return sorted((Hit(self._entry(number), *how) for number, how in best), key=lambda hit: hit.order)[:most]

    def _entry(self, number: int) -> Entry:
        kind, code, scheme, name, detail, lon, lat, bbox = orjson.loads(
            self._packed[self._ends[number] : self._ends[number + 1]]
        )
        return Entry(kind, code, scheme, name, detail, lon, lat, None if bbox is None else tuple(bbox))


class _Asked:
    """One search under way."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self.found: Found = {}

    def as_written(self, signs: str, parts: list[str], most: int) -> None:
        """With numerals as digits; several words in any order."""
        blob = self._index._digits  # noqa: SLF001 - a search is a part of its index
        self._beginnings(blob, signs, Likeness.EXACT)
        if len(self.found) < most:
            self._inside(blob, signs, Likeness.CONTAINS)
        if not self.found and len(parts) > 1:
            self._all_of(blob, [numerals_as_digits(part) for part in parts])

    def as_sounds(self, letters: str, most: int) -> None:
        """In pinyin, in initials, and in mixtures with characters and digits."""
        sounds, initials = self._index._sounds, self._index._initials  # noqa: SLF001
        if letters.isascii():
            self._beginnings(sounds, letters, Likeness.PINYIN_EXACT)
            self._beginnings(initials, letters, Likeness.PINYIN_EXACT)
        cuts = initials_of(letters)
        if len(self.found) < most:
            for pieces, begin in cuts:
                for number in initials.beginnings(begin, LOOKED_AT).tolist():
                    self._read_as(number, 0, pieces)
        if self.found or len(letters) < FEWEST_WITH_ERROR:
            return
        if letters.isascii():
            self._inside(sounds, letters, Likeness.PINYIN_CONTAINS)
        for pieces, part in cuts[:SEARCHED_THROUGH] if not self.found else ():
            for number, place in initials.parts(part, LOOKED_AT):
                self._read_as(number, place - initials.begin_of(number), pieces)

    def with_error(self, signs: str, letters: str) -> None:
        """Something left out of the middle; another sign, one too many or too few, or two changed round."""
        latin = letters.isascii() and not letters.isdecimal()
        blob, typed = (self._index._sounds, letters) if latin else (self._index._digits, signs)  # noqa: SLF001
        if len(typed) < FEWEST_WITH_ERROR:
            return
        for place in blob.places_of_halves(typed, LOOKED_AT):
            number = blob.number_at(place)
            self._put(number, Likeness.LEFT_OUT, blob.length_of(number) - len(typed))
        for place in one_error_places(blob, typed):
            number = blob.number_at(place)
            self._put(number, Likeness.ONE_ERROR, abs(blob.length_of(number) - len(typed)))

    def _beginnings(self, blob: Blob, part: str, whole: Likeness) -> None:
        """Names that begin so; `whole` where nothing follows, else the likeness after it."""
        for number in blob.beginnings(part, LOOKED_AT).tolist():
            longer = blob.length_of(number) - len(part)
            self._put(number, Likeness(whole + 1) if longer else whole, longer)

    def _inside(self, blob: Blob, part: str, likeness: Likeness) -> None:
        for number, _ in blob.parts(part, LOOKED_AT):
            self._put(number, likeness, blob.length_of(number) - len(part))

    def _all_of(self, blob: Blob, parts: list[str]) -> None:
        parts = sorted(dict.fromkeys(parts), key=len, reverse=True)[:MOST_WORDS]
        for number, _ in blob.parts(parts[0], WORD_LOOKED_AT):
            begin, end = blob.begin_of(number), blob.end_of(number)
            if all(blob.text.find(part, begin, end) >= 0 for part in parts):
                self._put(number, Likeness.CONTAINS, end - begin - sum(map(len, parts)))

    def _read_as(self, number: int, offset: int, pieces: tuple[str, ...]) -> None:
        """Initials and characters lie at the same places of their blobs."""
        blob = self._index._written  # noqa: SLF001
        begin = blob.begin_of(number) + offset
        if is_read_as(blob.text[begin : begin + len(pieces)], pieces):
            likeness = Likeness.PINYIN_CONTAINS if offset else Likeness.PINYIN_BEGINS
            self._put(number, likeness, blob.length_of(number) - len(pieces))

    def _put(self, number: int, likeness: Likeness, longer: int) -> None:
        entry = self._index._entry_of[number]  # noqa: SLF001
        how = (likeness, longer)
        if entry not in self.found or how < self.found[entry]:
            self.found[entry] = how


def _spellings(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(plain name, syllables) of every name and every way to read it."""
    for name in dict.fromkeys([plain(entry.name), *map(plain, entry.other_names)]):
        if name:
            for way in ways_to_read(name):
                yield name, way


def _packed(entry: Entry) -> bytes:
    fields = (entry.kind, entry.code, entry.scheme, entry.name, entry.detail, entry.lon, entry.lat, entry.bbox)
    return orjson.dumps(fields)
