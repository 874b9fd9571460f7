"""What answers to single places were like, counted since the process started."""

import threading
from collections import Counter
from dataclasses import dataclass

from gridsvc.model.resolution import Resolution


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """`flags` by doubt, `matches` by how the cell was found, `outside` those that had no answer."""

    flags: dict[str, int]
    matches: dict[str, int]
    outside: int


class AnswerCounter:
    """May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flags: Counter[str] = Counter()
        self._matches: Counter[str] = Counter()
        self._outside = 0

    def note(self, resolution: Resolution) -> None:
        """Look at an answer that was given."""
        with self._lock:
            self._matches[str(resolution.match)] += 1
            for flag in resolution.flags:
                self._flags[str(flag)] += 1

    def note_outside(self) -> None:
        """A place that lies outside coverage."""
        with self._lock:
            self._outside += 1

    def counts(self) -> AnswerCounts:
        """As of now."""
        with self._lock:
            return AnswerCounts(dict(sorted(self._flags.items())), dict(sorted(self._matches.items())), self._outside)
