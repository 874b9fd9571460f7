"""Long work is cut by time: slow transactions make small chunks, quick ones large chunks, nothing is lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from sqlalchemy import Connection, create_engine

from gridsvc.store.chunks import Chunks

Written = list[tuple[int, bool]]


def _write_all(items: Iterable[int], slow: dict[int, float], pause_s: float = 0.0) -> tuple[list[int], Written]:
    """Items in the order of their transactions, and the size and durability of each; some take longer."""
    engine = create_engine("sqlite://")
    seen: list[int] = []
    written: Written = []

    @contextmanager
    def begin(durable: bool) -> Iterator[Connection]:
        with engine.connect() as connection:
            yield connection
        written.append((len(seen) - sum(size for size, _ in written), durable))

    chunks = Chunks(items, begin, aim_s=0.01, pause_s=pause_s)
    for number, (chunk, _) in enumerate(chunks):
        with chunks.write():
            seen += chunk
            sleep(slow.get(number, 0.0))
    return seen, written


def test_no_items_are_one_empty_last_chunk() -> None:
    assert _write_all([], {}) == ([], [(0, True)])


def test_every_item_comes_once_and_only_the_last_chunk_is_durable() -> None:
    seen, written = _write_all(range(1234), {})
    assert seen == list(range(1234))
    assert [durable for _, durable in written] == [False] * (len(written) - 1) + [True]


def test_the_size_follows_the_time_that_a_chunk_took() -> None:
    sizes = [size for size, _ in _write_all(range(20_000), {3: 0.1})[1]]
    # Chunk 6 is the first one cut after the slow chunk 4: one is always cut ahead, to know which is the last.
    assert sizes[0] < sizes[4] > sizes[5]


def test_between_two_chunks_the_lock_stays_free() -> None:
    begun = monotonic()
    _, written = _write_all(range(1000), {}, pause_s=0.02)
    assert monotonic() - begun >= 0.02 * (len(written) - 1)
