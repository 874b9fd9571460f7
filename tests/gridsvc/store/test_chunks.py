"""Long work is cut by time: slow transactions make small chunks, quick ones large chunks, nothing is lost."""

from time import sleep

from gridsvc.store.chunks import Chunks


def test_no_items_are_one_empty_last_chunk() -> None:
    assert list(Chunks([], aim_s=1, pause=0)) == [([], True)]


def test_every_item_comes_once_and_only_the_last_chunk_is_last() -> None:
    chunks = list(Chunks(range(1234), aim_s=1, pause=0))
    assert [item for chunk, _ in chunks for item in chunk] == list(range(1234))
    assert [is_last for _, is_last in chunks] == [False] * (len(chunks) - 1) + [True]


def test_the_size_follows_the_time_that_a_chunk_took() -> None:
    sizes = []
    for chunk, _ in Chunks(range(20_000), aim_s=0.01, pause=0):
        sizes.append(len(chunk))
        if len(sizes) == 4:
            sleep(0.1)
    # Chunk 6 is the first one cut after the slow chunk 4: one is always cut ahead, to know which is the last.
    assert sizes[0] < sizes[4] > sizes[5]
