"""Who is asked, on how many cores, and how long it takes: the fastest of several rounds, taken in turn."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from gridsvc.index.geometry import box_tree
from gridsvc.index.territory import cells, segment_choice

Floats = NDArray[np.float64]
Answer = NDArray[np.int64]
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Contestant:
    """`prepare` takes longitudes and latitudes and gives what is timed; `most` is how many places it is asked at most.

    `cores` are the numbers of threads that it is asked from; who spreads its work itself is told by `use_cores`.
    `kernels` are those that answer for gridsvc, None: those that it picks.
    """

    name: str
    most: int
    prepare: Callable[[Floats, Floats], Ask]
    cores: Sequence[int] = (1, 2)
    use_cores: Callable[[int], None] | None = None
    kernels: ModuleType | None = None


@contextmanager
def answered_by(kernels: ModuleType | None) -> Iterator[None]:
    """These kernels answer for gridsvc; None: those that it picks."""
    modules = (box_tree, cells, segment_choice)
    picked = [module.engine for module in modules]
    try:
        for module in modules if kernels is not None else ():
            module.engine = lambda: kernels
        yield
    finally:
        for module, engine in zip(modules, picked, strict=True):
            module.engine = engine


@dataclass
class Run:
    """One contestant with its places on so many cores: call it to have its answer."""

    who: Contestant
    cores: int
    places: int
    seconds: float
    _asks: list[Ask]

    @classmethod
    def of(cls, who: Contestant, cores: int, lon: Floats, lat: Floats) -> "Run":
        """Prepared for the first places, as many as it is asked at most."""
        lon, lat = lon[: who.most], lat[: who.most]
        threads = 1 if who.use_cores else cores
        parts = zip(np.array_split(lon, threads), np.array_split(lat, threads), strict=True)
        return cls(who, cores, len(lon), np.inf, [who.prepare(*part) for part in parts])

    def __call__(self) -> Answer:
        if self.who.use_cores:
            self.who.use_cores(self.cores)
        with answered_by(self.who.kernels), ThreadPoolExecutor(len(self._asks)) as threads:
            start = time.perf_counter()
            answers = [self._asks[0]()] if len(self._asks) == 1 else list(threads.map(lambda ask: ask(), self._asks))
            self.seconds = min(self.seconds, time.perf_counter() - start)
        return np.concatenate(answers)

    @property
    def per_second(self) -> float:
        """Places."""
        return self.places / self.seconds


def compete(runs: Sequence[Run], truth: Answer, rounds: int) -> None:
    """All in turn, `rounds` times. Every answer is held against `truth` before a time is believed: AssertionError."""
    for run in runs:
        found = run()
        known = truth[: run.places]
        wrong = int(np.count_nonzero(found[: len(known)] != known))
        if wrong:
            raise AssertionError(f"{run.who.name} differs on {wrong} of {len(known)} places")
        run.seconds = np.inf
    for _ in range(rounds):
        for run in runs:
            run()
