"""Files of long work in the data folder: what came with the request, until the job has ended; what a job has made, as
long as the job is kept.
"""

import errno
import re
import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from starlette.requests import Request

from api.http.connections import parts_of
from api.http.spool import check_declared
from api.settings import Settings
from gridsvc.disk import is_full
from gridsvc.errors import InvalidInput, NotReady, TooLarge
from gridsvc.model.texts import TRICKS
from gridsvc.model.work import Job
from gridsvc.ports import Store

MAX_BYTES = 1024**3
IN_MEMORY = 4 * 1024**2
JOBS_KEPT = timedelta(days=30)
"""After their end. Who asked has looked by then, what was done is in the audit log for good, and files take room."""
UNCLAIMED_S = 24 * 3600.0
"""After which a file that no job names is taken for one whose request was killed."""
_NAME = re.compile(rf"[^\x00-\x1f{TRICKS}/\\:*?\"<>|]{{1,120}}\Z")
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def check_name(name: str) -> str:
    """A file's bare name. Raises InvalidInput for one with a folder, a colon or an ending that nobody reads."""
    from geodata.formats import LAYER_SUFFIXES  # noqa: PLC0415  a worker loads the readers when somebody imports

    if not _NAME.match(name) or name.startswith("."):
        raise InvalidInput("name: give the bare name of the file, such as cells.gpkg.")
    endings = (*LAYER_SUFFIXES, ".zip")
    if Path(name).suffix.lower() not in endings:
        raise InvalidInput(f"name: the ending says the format; use one of {', '.join(endings)}.")
    return name


async def receive(request: Request, settings: Settings, name: str) -> str:
    """Take a body in as a file, and return the token under which it lies. Raises TooLarge, NotReady, the 408 problem.

    A body that breaks off leaves nothing.
    """
    check_declared(request, MAX_BYTES, "A file")
    token = secrets.token_hex(16)
    folder = folder_of(settings, token)
    try:
        folder.mkdir(parents=True)
        with (folder / name).open("xb") as file:
            await _fill(request, file)
    except OSError as error:
        remove(settings, token)
        if is_full(error) or error.errno == errno.EACCES:
            raise NotReady("The disk takes no more files: make room for the data folder.") from error
        raise
    except BaseException:
        remove(settings, token)
        raise
    return token


def folder_of(settings: Settings, token: str) -> Path:
    """Where an uploaded file lies, alone."""
    if not _TOKEN.match(token):
        raise InvalidInput("no file has such a token")
    return settings.data_dir / "uploads" / token


def result_folder(settings: Settings, job: int) -> Path:
    """Where the file lies that a job has made."""
    return settings.data_dir / "results" / str(job)


def remove(settings: Settings, token: str) -> None:
    """Delete a file; nothing to do where it is gone."""
    shutil.rmtree(folder_of(settings, token), ignore_errors=True)


def sweep(settings: Settings, store: Store) -> None:
    """Delete the files of jobs that have ended or are gone, and old ones of requests that were killed."""
    for folder in (settings.data_dir / "results").glob("[0-9]*"):
        if _age_s(folder) > JOBS_KEPT.total_seconds() and store.find_job(int(folder.name)) is None:
            shutil.rmtree(folder, ignore_errors=True)
    folders = list((settings.data_dir / "uploads").glob("*"))
    if not folders:
        return
    wanted = {token_of(job) for job in store.list_unended_jobs()}
    for folder in folders:
        if folder.name not in wanted and _age_s(folder) > UNCLAIMED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _age_s(folder: Path) -> float:
    """0 for one that somebody else has deleted meanwhile."""
    try:
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def token_of(job: Job) -> str | None:
    """The token of a job's file, None for a job without one."""
    token = job.input.get("upload")
    return token if isinstance(token, str) else None


async def _fill(request: Request, file: BinaryIO) -> None:
    waiting, waiting_size, size = [], 0, 0
    async for part in parts_of(request):
        size, waiting_size = size + len(part), waiting_size + len(part)
        if size > MAX_BYTES:
            raise TooLarge(f"A file may have {MAX_BYTES // 1024**2} MB at most.", limit_bytes=MAX_BYTES)
        waiting.append(part)
        if waiting_size >= IN_MEMORY:
            await to_thread.run_sync(file.write, b"".join(waiting))
            waiting, waiting_size = [], 0
    await to_thread.run_sync(file.write, b"".join(waiting))
    await to_thread.run_sync(file.flush)
    if not size:
        raise InvalidInput("The body is empty: send the file itself.")
