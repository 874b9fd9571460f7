"""What searching takes: building an index of 300,000 invented places, its memory, and the time of one search.

`python -m benchmarks search`; other sizes: `python -m benchmarks.search --names 300000`
"""

import argparse
import gc
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.report import write_table
from geodata.sample_city.names import WORDS, Names
from gridsvc.search.entries import Entry
from gridsvc.search.names import NameIndex
from gridsvc.search.pinyin import ways_to_read

ENDINGS = ("号", "号院", "号院甲1号楼", "号楼2单元", "号便民菜店", "号卫生服务站", "号院北门")
PER_STREET = 100
SEARCHES = 400


def make_entries(count: int) -> Iterator[Entry]:
    """Addresses, compounds and shops along invented streets, a hundred to a street; a fifth have another name."""
    rng = np.random.default_rng(7)
    names = Names(rng)
    kinds = list(WORDS["kinds"])
    streets = [names.next_street(kinds[number % len(kinds)]) for number in range(count // PER_STREET + 1)]
    for number in range(count):
        street, plot = streets[number // PER_STREET], number % PER_STREET + 1
        name = f"{street}{plot}{ENDINGS[number * 7 % len(ENDINGS)]}"
        other = (f"{street[:2]}{plot}号大院",) if number % 5 == 0 else ()
        yield Entry("place", f"D{number:07d}", "PLACE_LOCAL", name, street, 116.4, 39.9, other_names=other)


def make_queries(count: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """What people would type for random places, by way of typing."""
    ways: dict[str, list[str]] = {}
    for name in [entry.name for entry in islice(make_entries(count), 0, count, count // SEARCHES)]:
        sounds = ways_to_read(name)[0]
        initials = "".join(sound[0] for sound in sounds)
        at = int(rng.integers(1, len(name)))
        asked = {
            "whole name": name,
            "first half": name[: len(name) // 2 + 1],
            "inside": name[2:],
            "pinyin": "".join(sounds[:6]),
            "initials": initials[:6],
            "half pinyin, half initials": "".join(sounds[:2]) + initials[2:6],
            "one sign wrong": name[:at] + "鑫" + name[at + 1 :],
            "one letter wrong": "".join(sounds[:6])[:4] + "q" + "".join(sounds[:6])[5:],
            "a word left out": name[:2] + name[-3:],
            "one sign of the name": name[0],
            "two signs": name[:2],
            "two initials": initials[:2],
            "nothing like it": name[::-1] + "鑫",
        }
        for way, text in asked.items():
            ways.setdefault(way, []).append(text)
    return ways


def resident_mb() -> float:
    """Memory of this process."""
    status = Path("/proc/self/status").read_text()
    return float(status.partition("VmRSS:")[2].split()[0]) / 1024


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", type=int, default=300_000)
    count = parser.parse_known_args(arguments)[0].names
    queries = make_queries(count, np.random.default_rng(8))
    gc.collect()
    before, begun = resident_mb(), time.perf_counter()
    index = NameIndex(make_entries(count))
    built = time.perf_counter() - begun
    rows = []
    every = []
    for way, texts in queries.items():
        times = []
        for text in texts:
            begun = time.perf_counter()
            _ = index.find(text, 10) or index.find_misspelt(text, 10)
            times.append((time.perf_counter() - begun) * 1000)
        every += times
        rows.append([way, texts[0], *(f"{value:.2f}" for value in np.percentile(times, [50, 95, 99]))])
    rows.append(["all", "", *(f"{value:.2f}" for value in np.percentile(every, [50, 95, 99]))])
    more = resident_mb() - before
    write_table(
        "search",
        "Searching names",
        ["typed", "for instance", "p50 ms", "p95 ms", "p99 ms"],
        rows,
        f"{count:,} places, built in {built:.1f} s with {more:.0f} MB of memory.",
    )


if __name__ == "__main__":
    main()
