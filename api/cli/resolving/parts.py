"""What is kept beside OUT while it is being made: a folder of finished chunks, each whole or not there at all.

Every file is written under another name, brought to the disk and renamed. Whoever is killed, by a full disk or a power
cut too, leaves the chunks before; what they answer, and of what, stands in the manifest.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
from pyarrow import ipc

from gridsvc.errors import Conflict

MANIFEST = "manifest.json"
_OURS = re.compile(r"(manifest\.json|\d{6,}\.arrow)(\.tmp)?|whole\..*")
_PACKED = ipc.IpcWriteOptions(compression="lz4")


class Parts:
    """The folder of one OUT; who has it from `hold` has it alone."""

    def __init__(self, target: Path) -> None:
        self.folder = folder_of(target)
        self.whole = self.folder / f"whole{target.suffix.lower()}"

    def find_manifest(self) -> dict[str, Any] | None:
        """What was asked when the chunks were begun; None where there are none. Raises Conflict for an unusable one."""
        try:
            said = orjson.loads((self.folder / MANIFEST).read_bytes())
        except FileNotFoundError:
            return None
        except orjson.JSONDecodeError:
            said = None
        if not isinstance(said, dict):
            raise Conflict(f"{self.folder.name} is damaged: say --overwrite without --resume to start over.")
        return said

    def begin(self, manifest: dict[str, Any]) -> None:
        """From nothing."""
        self.clear()
        self._keep(MANIFEST, lambda file: file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2)))

    def has(self, number: int, schema: pa.Schema, rows: int) -> bool:
        """Whether a chunk is there, with as many answers as it has to have."""
        try:
            chunk = self._read(number)
        except (OSError, pa.ArrowException):
            return False
        return bool(chunk.schema.equals(schema) and chunk.num_rows == rows)

    def put(self, number: int, chunk: pa.RecordBatch) -> None:
        """Keep a chunk of answers; it is on the disk when this returns."""

        def write(file: BinaryIO) -> None:
            with ipc.new_file(file, chunk.schema, options=_PACKED) as writer:
                writer.write_batch(chunk)

        self._keep(_name(number), write)

    def read(self, count: int) -> Iterator[pa.RecordBatch]:
        """The first `count` chunks, in order."""
        return (self._read(number) for number in range(count))

    def clear(self) -> None:
        """Take everything away that was made here, the manifest first: without it the rest means nothing."""
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for name in filter(_OURS.fullmatch, self._list_names()):
            (self.folder / name).unlink()

    def check_own(self) -> None:
        """Raise Conflict where the folder holds what was not made here."""
        if others := [name for name in self._list_names() if not _OURS.fullmatch(name)]:
            raise Conflict(f"{self.folder.name} holds {others[0]}, which is not of this command: move the folder away.")

    def _list_names(self) -> list[str]:
        return sorted(os.listdir(self.folder))  # noqa: PTH208  names, not places

    def _read(self, number: int) -> pa.RecordBatch:
        with pa.memory_map(str(self.folder / _name(number))) as file:
            return ipc.open_file(file).get_batch(0)

    def _keep(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        unfinished = self.folder / f"{name}.tmp"
        try:
            with unfinished.open("wb") as file:
                write(file)
                bring_to_disk(file)
        except BaseException:
            unfinished.unlink(missing_ok=True)  # what is left of it takes room
            raise
        unfinished.replace(self.folder / name)
        bring_names_to_disk(self.folder)


def folder_of(target: Path) -> Path:
    """Where the chunks of an OUT are kept."""
    return target.with_name(f"{target.name}.part")


@contextmanager
def hold(target: Path) -> Iterator[Parts]:
    """The folder of an OUT for oneself; it goes when nothing in it is worth to be kept.

    Raises Conflict where another process has it, or somebody else keeps things in it.
    """
    parts = Parts(target)
    parts.folder.mkdir(exist_ok=True)
    handle = os.open(parts.folder, os.O_RDONLY)
    try:
        _lock(handle, parts.folder, target)
        parts.check_own()
        try:
            yield parts
        finally:
            if not (parts.folder / MANIFEST).exists():
                parts.clear()
                with suppress(OSError):  # somebody has put something into it meanwhile
                    parts.folder.rmdir()
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path, target: Path) -> None:
    """Nobody who was killed can hold it. Who held it before may have taken the folder away."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_still = folder.exists() and os.path.samestat(folder.stat(), os.fstat(handle))
    except BlockingIOError:
        is_still = False
    if not is_still:
        raise Conflict(f"Another process is writing {target.name} just now: let it end, or name another OUT.")


def bring_to_disk(file: BinaryIO) -> None:
    """Not only to the system, which a power cut takes with it."""
    file.flush()
    os.fsync(file.fileno())


def bring_names_to_disk(folder: Path) -> None:
    """What files in a folder are called now."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(number: int) -> str:
    return f"{number:06}.arrow"
