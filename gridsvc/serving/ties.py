"""How often nothing but the lowest code decided between bodies, counted by the body that it chose."""

import threading
from collections import Counter

from gridsvc.index.rules.ties import body_of_tie
from gridsvc.model.resolution import Resolution


class TieCounter:
    """Counts since the process started; may be used from any thread.

    Answers that fall to the same body again and again for want of a better rule are a matter for a determination.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def note(self, resolution: Resolution) -> None:
        """Look at an answer that was given."""
        if (body := body_of_tie(resolution)) is not None:
            with self._lock:
                self._counts[body] += 1

    def counts(self) -> dict[str, int]:
        """Body → answers, in order of code."""
        with self._lock:
            return dict(sorted(self._counts.items()))
