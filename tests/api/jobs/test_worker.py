"""Workers that are killed, stopped, overtaken or unlucky: every job comes to one end. On both stores."""

import os
import signal
import tempfile
import threading
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.cli.work import ENDED_RATHER
from api.jobs import kinds, uploads, worker
from api.jobs.leasing import LEASE, Held, LeaseLost
from api.settings import Settings
from gridsvc.geojson import write_collection
from gridsvc.model.territory import Layer
from gridsvc.model.work import MAX_ATTEMPTS, Job, JobKind, JobState, Topic
from gridsvc.store import SqlStore
from tests.fixtures.disks import SMALL_DISK
from tests.fixtures.served_city import FIRST_EDITION, publish_territory
from tests.fixtures.tiny_city import tiny_territory
from tests.fixtures.warm_terminal import ROOT, WarmProcess

TOKEN = "0123456789abcdef" * 2
# A worker that stands still at a certain point, and says so.
SCRIPT = """
import sys, time
from api.jobs import kinds
from api.jobs.leasing import Held
from api.cli.work import work

def stand_still():
    print("middle", flush=True)
    time.sleep(600)

if sys.argv[1] == "import":
    original = kinds.import_layer
    def import_layer(store, request, now, progress, schemes):
        return original(store, request, now, lambda done, total: stand_still() if done else None, schemes)
    kinds.import_layer = import_layer
else:
    original_finish = Held.finish
    def finish(self, work, outcome):
        original_finish(self, work, outcome)
        stand_still()
    Held.finish = finish
work()
"""


class Later(Settings):
    """A minute on: leases of before have run out."""

    def now(self) -> datetime:
        return super().now() + 2 * LEASE


class Earlier(Settings):
    """The clock is set back by a day."""

    def now(self) -> datetime:
        return super().now() - timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def later(settings: Settings) -> Settings:
    return Later(data_dir=settings.data_dir, database_url=settings.database_url)


@pytest.fixture
def city(store: SqlStore, settings: Settings) -> SqlStore:
    settings.data_dir.mkdir()
    publish_territory(store, tiny_territory(), FIRST_EDITION)
    return store


def _add(store: SqlStore, settings: Settings, kind: JobKind, **given: Any) -> int:
    job = Job(
        number=0, kind=kind, state=JobState.WAITING, made_by="planner", created_at=settings.now(), input=dict(given)
    )
    with store.begin() as work:
        return work.add_job(job).number


def _add_import(store: SqlStore, settings: Settings, name: str = "cells.geojson") -> tuple[int, int]:
    """A draft, and a job that renames nothing but writes one cell anew."""
    draft = store.create_draft(settings.now()).number
    folder = uploads.folder_of(settings, TOKEN)
    folder.mkdir(parents=True)
    document = write_collection(Layer.CELLS, tiny_territory().cells[:1], edition=1, truncated=False)
    (folder / "cells.geojson").write_bytes(document.replace(b'"A0"', b'"Renamed"'))
    told = {"scheme": "GRID_DB11_2157", "datum": "WGS84", "mode": "merge", "columns": {}, "encoding": None}
    told |= {"code_from_filename": False, "repair": False, "accept": {}, "name": name, "upload": TOKEN}
    return draft, _add(store, settings, JobKind.IMPORT_LAYER, draft=draft, layer="cells", **told)


def _job(store: SqlStore, number: int) -> Job:
    found = store.find_job(number)
    assert found is not None
    return found


def _stand_still(settings: Settings, where: str) -> WarmProcess:
    told = {"GRIDSVC_DATA_DIR": str(settings.data_dir), "GRIDSVC_DATABASE_URL": settings.store_url}
    process = WarmProcess(["-c", SCRIPT, where], ROOT, {**os.environ, **told})
    end = time.monotonic() + 60
    while process.texts()[0] != "middle\n":
        assert process.poll() is None, process.texts()
        assert time.monotonic() < end, "it never came to the middle"
        time.sleep(0.02)
    return process


def _end(process: WarmProcess, number: signal.Signals) -> None:
    process.send_signal(number)
    process.communicate(30)


def test_killed_import_is_taken_up_when_its_lease_has_run_out(
    city: SqlStore, settings: Settings, later: Settings
) -> None:
    draft, number = _add_import(city, settings)
    _end(_stand_still(settings, "import"), signal.SIGKILL)
    assert _job(city, number).state is JobState.RUNNING
    assert worker.work_off(city, settings) == 0
    assert worker.work_off(city, later) == 1
    job = _job(city, number)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert [cell.name for cell in city.load_draft(draft).cells].count("Renamed") == 1
    assert not uploads.folder_of(settings, TOKEN).exists()


def test_killed_import_is_taken_up_when_the_clock_was_set_back(city: SqlStore, settings: Settings) -> None:
    """Its lease would else run for a day: nobody could import into the draft meanwhile."""
    draft, number = _add_import(city, settings)
    _end(_stand_still(settings, "import"), signal.SIGKILL)
    earlier = Earlier(data_dir=settings.data_dir, database_url=settings.database_url)
    assert city.has_due_job(earlier.now())
    assert worker.work_off(city, earlier) == 1
    assert (_job(city, number).state, _job(city, number).attempts) == (JobState.DONE, 2)
    assert [cell.name for cell in city.load_draft(draft).cells].count("Renamed") == 1


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_worker_at_whose_work_the_clock_jumps_ends_it_once(city: SqlStore, settings: Settings, jump: timedelta) -> None:
    number = _add(city, settings, JobKind.RESTORE, edition=1, effective_from=None)
    instants = iter([settings.now()])

    class Jumping(Settings):
        def now(self) -> datetime:
            return next(instants, super().now() + jump)

    assert worker.work_off(city, Jumping(data_dir=settings.data_dir, database_url=settings.database_url)) == 1
    assert (_job(city, number).state, _job(city, number).attempts) == (JobState.DONE, 1)
    assert city.state().edition == 2


def test_publish_killed_before_its_commit_happens_once(city: SqlStore, settings: Settings, later: Settings) -> None:
    number, before = _add(city, settings, JobKind.RESTORE, edition=1, effective_from=None), city.last_message()
    _end(_stand_still(settings, "publish"), signal.SIGKILL)
    assert city.state().edition == 1
    assert worker.work_off(city, later) == 1
    job = _job(city, number)
    assert (job.state, job.result) == (JobState.DONE, {"edition": 2})
    assert worker.work_off(city, later) == 0
    assert city.state().edition == 2
    told = [message for message in city.list_messages(before, 100) if message.topic is Topic.EDITION_PUBLISHED]
    assert [message.body["number"] for message in told] == [2]


def test_worker_is_ended_before_those_who_serve_where_memory_runs_out(city: SqlStore, settings: Settings) -> None:
    _add_import(city, settings)
    process = _stand_still(settings, "import")
    assert int(Path(f"/proc/{process.pid}/oom_score_adj").read_text()) == ENDED_RATHER
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    _end(process, signal.SIGKILL)


def test_stopped_worker_gives_its_job_back(city: SqlStore, settings: Settings) -> None:
    _, number = _add_import(city, settings)
    _end(_stand_still(settings, "import"), signal.SIGTERM)
    job = _job(city, number)
    assert (job.state, job.attempts, job.lease) == (JobState.WAITING, 0, None)
    assert worker.work_off(city, settings) == 1
    assert _job(city, number).state is JobState.DONE


def test_overtaken_worker_publishes_nothing(city: SqlStore, settings: Settings, later: Settings) -> None:
    number = _add(city, settings, JobKind.RESTORE, edition=1, effective_from=None)
    with city.begin() as work:
        slow = work.take_job("slow", settings.now(), settings.now() + LEASE)
    with city.begin() as work:
        assert work.take_job("quick", later.now(), later.now() + LEASE) is not None
    assert slow is not None
    held = Held(city, settings, slow, "slow")
    with pytest.raises(LeaseLost):
        kinds.perform(slow, kinds.Bench(city, settings, held.progress, held.finish))
    assert city.state().edition == 1
    assert _job(city, number).state is JobState.RUNNING


def test_long_work_keeps_its_lease(city: SqlStore, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _add(city, settings, JobKind.CHECK_DRAFT, draft=1)
    monkeypatch.setattr("api.jobs.leasing.TELL_S", 0.02)
    with city.begin() as work:
        job = work.take_job("mine", settings.now(), settings.now() + timedelta(seconds=1))
    assert job is not None
    held = Held(city, settings, job, "mine")
    with held.renewed():
        held.progress(3, 10)
        end = threading.Event()
        for _ in range(200):
            if _job(city, number).done == 3:
                break
            end.wait(0.05)
    found = _job(city, number)
    assert (found.done, found.total) == (3, 10)
    assert found.leased_until is not None
    assert found.leased_until > settings.now() + LEASE / 2


def test_job_that_breaks_three_times_fails_with_a_reason(
    city: SqlStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _add(city, settings, JobKind.RESTORE, edition=1, effective_from=None)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret 000-0001")

    monkeypatch.setattr("geodata.publishing.restore", broken)
    monkeypatch.setattr(worker, "RETRY_S", 0)
    assert worker.work_off(city, settings) == MAX_ATTEMPTS
    job = _job(city, number)
    assert (job.state, job.attempts) == (JobState.FAILED, MAX_ATTEMPTS)
    assert job.error is not None
    assert "RuntimeError" in job.error
    assert "secret" not in job.error


def test_job_whose_file_is_gone_is_refused(city: SqlStore, settings: Settings) -> None:
    _, number = _add_import(city, settings)
    uploads.remove(settings, TOKEN)
    worker.work_off(city, settings)
    job = _job(city, number)
    assert (job.state, job.error) == (JobState.REFUSED, "the uploaded file is gone: send it again")


def test_files_that_nobody_wants_are_swept(city: SqlStore, settings: Settings) -> None:
    _add_import(city, settings)
    lost = uploads.folder_of(settings, "f" * 32)
    fresh = uploads.folder_of(settings, "e" * 32)
    for folder in (lost, fresh):
        folder.mkdir()
    old = settings.now().timestamp() - uploads.UNCLAIMED_S - 1
    for folder in (lost, uploads.folder_of(settings, TOKEN)):
        os.utime(folder, (old, old))
    uploads.sweep(settings, city)
    assert {folder.name for folder in (settings.data_dir / "uploads").iterdir()} == {TOKEN, "e" * 32}


def test_zip_is_unpacked_beside_the_upload_and_a_full_disk_told_as_full(
    city: SqlStore, settings: Settings, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it goes with the upload when a worker is killed: elsewhere, what it had unpacked would stay for ever."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(worker, "RETRY_S", 0)
    on_small_disk = Settings(data_dir=small_disk, database_url=settings.database_url)
    _, number = _add_import(city, on_small_disk, "cells.zip")
    with zipfile.ZipFile(uploads.folder_of(on_small_disk, TOKEN) / "cells.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cells.geojson", bytes(2 * SMALL_DISK))
    assert worker.work_off(city, on_small_disk) == MAX_ATTEMPTS
    job = _job(city, number)
    assert (job.state, job.findings) == (JobState.FAILED, ())
    assert job.error == "The disk is full: make room for the data folder and for temporary files."
    assert list((small_disk / "uploads").iterdir()) == []
    assert tempfile.gettempdir() == str(tmp_path)
