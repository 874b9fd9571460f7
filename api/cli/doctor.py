"""`gridsvc doctor`: what is well, what needs mending, and what keeps the service from answering."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from api.bootstrap import edition_files, open_store
from api.cli.options import JsonOption
from api.cli.terminal import put_json, shown
from api.settings import Settings, load_settings
from api.tiles.base_maps import base_map_of
from gridsvc.disk import takes_more
from gridsvc.errors import GridError
from gridsvc.index.engine import has_numba
from gridsvc.index.file import open_edition
from gridsvc.index.file.read import check_arrays
from gridsvc.index.file.unusable import UnusableIndex
from gridsvc.model.operation import DatabaseFacts
from gridsvc.model.work import JobState
from gridsvc.ports import Store
from gridsvc.serving.files import compile_edition
from maps.assets import PAGES, find_page, static_folder

LITTLE_SPACE, NO_SPACE = 2 * 1024**3, 200 * 1024**2
CLOCK_S = 2.0
PATIENCE = timedelta(minutes=2)
"""How long a job may wait, or a lease be over, before nobody seems to work."""


class State(StrEnum):
    """OK; NOTE: nothing to do; MEND: it answers, but not for long or not all of it; DOWN: it cannot answer."""

    OK = "OK"
    NOTE = "NOTE"
    MEND = "MEND"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at."""

    name: str
    state: State
    text: str


def doctor(
    deep: Annotated[bool, typer.Option(help="Compile the edition in force again, and read all of its file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at database, clock, edition, outbox, jobs, disk, pages and base map.

    0 all well (notes included), 1 to mend, 3 cannot answer. Times are the city's.
    """
    signs = list(examine(load_settings(), deep=deep))
    if as_json:
        put_json([{"name": sign.name, "state": sign.state, "text": sign.text} for sign in signs])
    else:
        for sign in signs:
            typer.echo(shown(f"{sign.state:<5}{sign.name:<10}{sign.text}"))
    worst = {sign.state for sign in signs}
    raise typer.Exit(3 if State.DOWN in worst else 1 if State.MEND in worst else 0)


def examine(settings: Settings, *, deep: bool) -> Iterator[Sign]:
    """All signs, as far as the database can be asked."""
    try:
        with open_store(settings, make_folder=False) as store:
            facts = store.examine()
            yield _database(facts)
            yield _clock(facts, settings)
            yield _edition(store, settings, deep=deep)
            yield _index(store, settings, deep=deep)
            yield _outbox(facts, settings)
            yield _jobs(store, settings.now())
    except GridError as error:
        yield Sign("database", State.DOWN, error.message)
    yield _disk(settings)
    yield _pages(settings)
    if settings.tiles_url is not None:
        yield _base_map(settings)


def _database(facts: DatabaseFacts) -> Sign:
    if facts.fault is not None:
        return Sign("database", State.DOWN, facts.fault)
    return Sign("database", State.OK, f"{facts.product}, schema {facts.schema}")


def _clock(facts: DatabaseFacts, settings: Settings) -> Sign:
    now = settings.now()
    if facts.clock is not None and abs((facts.clock - now).total_seconds()) > CLOCK_S:
        ahead = (facts.clock - now).total_seconds()
        return Sign("clock", State.MEND, f"the database's is {ahead:+.0f} s from this machine's: set both by NTP")
    if facts.newest_message is not None and facts.newest_message > now + PATIENCE:
        return Sign("clock", State.MEND, "it was set back: messages are from the future; set it by NTP")
    return Sign("clock", State.OK, f"{_city_time(now, settings)} ({settings.zone.key})")


def _outbox(facts: DatabaseFacts, settings: Settings) -> Sign:
    if facts.newest_message is None:
        return Sign("outbox", State.OK, "no message so far")
    newest = _city_time(facts.newest_message, settings)
    return Sign("outbox", State.OK, f"{facts.messages} messages kept, the newest of {newest}")


def _city_time(instant: datetime, settings: Settings) -> str:
    return instant.astimezone(settings.zone).isoformat(timespec="seconds")


def _edition(store: Store, settings: Settings, *, deep: bool) -> Sign:
    edition = store.find_edition_in_force(settings.now())
    if edition is None:
        return Sign(
            "edition",
            State.DOWN,
            "none is in force; import layers and `gridsvc publish --commit`, or invent one: `gridsvc sample --commit`",
        )
    if deep:
        compiled = compile_edition(store, edition)
        if compiled.digest != edition.digest:
            return Sign("edition", State.DOWN, f"{edition.number} compiles to another digest: restore a backup")
    return Sign("edition", State.OK, f"{edition.number} is in force, roster revision {store.state().roster_revision}")


def _index(store: Store, settings: Settings, *, deep: bool) -> Sign:
    """The file that workers answer from, and what their kernels are."""
    kernels = "" if has_numba() else "; numba is not installed: the same answers, only slower (`gridsvc[fast]`)"
    edition = store.find_edition_in_force(settings.now())
    if edition is None:
        return Sign("index", State.NOTE, f"none is compiled, as no edition is in force{kernels}")
    path = edition_files(settings, store).path(edition.digest)
    try:
        open_edition(path, edition.number, edition.effective_from, edition.digest)
        if deep:
            check_arrays(path)
    except FileNotFoundError:
        return Sign("index", State.NOTE, f"edition {edition.number} is compiled when the service starts{kernels}")
    except UnusableIndex as error:
        remedy = f"delete {path.absolute()} and start the service again, which makes it anew"
        return Sign("index", State.MEND, f"the file of edition {edition.number} cannot be used, {error}; {remedy}")
    size = path.stat().st_size / 1024**2
    return Sign("index", State.OK, f"the file of edition {edition.number} is whole, {size:.1f} MB{kernels}")


def _jobs(store: Store, now: datetime) -> Sign:
    stuck = [
        job.number
        for job in store.list_unended_jobs()
        if (job.created_at if job.state is JobState.WAITING else job.leased_until or now) < now - PATIENCE
    ]
    if stuck:
        numbers = ", ".join(map(str, stuck[:10]))
        return Sign("jobs", State.MEND, f"nobody works on {numbers}: is the service running?")
    failed = store.count_jobs()[JobState.FAILED]
    return Sign("jobs", State.OK, f"none is stuck; {failed} have failed so far")


def _disk(settings: Settings) -> Sign:
    folder = settings.data_dir.absolute()
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return Sign("disk", State.DOWN, f"the data folder {folder} cannot be read; check GRIDSVC_DATA_DIR")
    if not all(map(takes_more, settings.written_folders)):
        return Sign(
            "disk", State.DOWN, "it takes no more, so that all writes are refused; make room for the data folder"
        )
    state = State.DOWN if free < NO_SPACE else State.MEND if free < LITTLE_SPACE else State.OK
    return Sign("disk", state, f"{free / 1024**3:.1f} GB free for the data folder {folder}")


def _pages(settings: Settings) -> Sign:
    if not (static_folder() / "vendor").is_dir():
        return Sign("pages", State.MEND, "what they are built on is not there; run `python -m maps.build_assets`")
    lacking = [name for name in PAGES if find_page(name, settings.page_dir) is None]
    if lacking:
        return Sign(
            "pages",
            State.NOTE,
            f"not drawn yet: {', '.join(lacking)}; `gridsvc serve` draws them as it starts, or logs why not",
        )
    return Sign("pages", State.OK, f"{len(PAGES)} are drawn")


def _base_map(settings: Settings) -> Sign:
    """One that cannot be used keeps the service from starting, so that nobody works on a map that is another's."""
    try:
        base = base_map_of(settings)
    except GridError as error:
        return Sign("base map", State.DOWN, f"{error.message}; the service will not start with it")
    if base is None or base.template is not None:
        return Sign("base map", State.OK, "of another host, which is not asked here")
    least, greatest = base.zooms
    if not base.holds_pictures():
        return Sign("base map", State.MEND, f"no picture lies in the folder of zoom {least}: it shows nothing there")
    return Sign("base map", State.OK, f"{base.kind} in {base.datum}, zoom {least} to {greatest}")
