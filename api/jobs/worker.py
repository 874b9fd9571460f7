"""The worker: takes jobs one by one until none is due. It may be killed at any moment, and run twice at once."""

import logging
import time
import uuid

from api.jobs.leasing import LEASE, Held, LeaseLost
from api.jobs.uploads import remove, token_of
from api.settings import Settings
from gridsvc.disk import is_full
from gridsvc.errors import Busy, GridError, LayerRefused, NotReady
from gridsvc.model.work import MAX_ATTEMPTS, JobKind, JobState, Outcome
from gridsvc.ports import Store

LINGER_S, GLANCE_S = 10.0, 0.25
RETRY_S = 5.0
"""What the moment refuses is asked of another moment."""
_log = logging.getLogger(__name__)


def work_on(store: Store, settings: Settings) -> None:
    """Do what is due, and wait a little for more: one job is seldom alone, and a worker takes seconds to start."""
    end = time.monotonic() + LINGER_S
    while time.monotonic() < end:
        if store.has_due_job(settings.now()):
            work_off(store, settings)
            end = time.monotonic() + LINGER_S
        time.sleep(GLANCE_S)


def work_off(store: Store, settings: Settings) -> int:
    """Do every job that is due, and return how many were begun."""
    token, count = uuid.uuid4().hex, 0
    while (held := _take(store, settings, token)) is not None:
        count += 1
        try:
            with held.renewed():
                _do(held, store, settings)
        except LeaseLost:
            _log.warning("job %s was taken by another worker", held.job.number)
        except (KeyboardInterrupt, SystemExit):
            held.give_back(counts=False)
            raise
        else:
            _tidy(held, store, settings)
    return count


def _take(store: Store, settings: Settings, token: str) -> Held | None:
    now = settings.now()
    with store.begin() as work:
        job = work.take_job(token, now, now + LEASE)
    return None if job is None else Held(store, settings, job, token)


def _do(held: Held, store: Store, settings: Settings) -> None:
    """Do one job and end it. What only the moment refuses is tried again, and at last fails with its reason."""
    from api.jobs.kinds import Bench, perform, refusal  # noqa: PLC0415  seconds of loading, with the lease held

    number, kind = held.job.number, held.job.kind.value
    _log.info("job %s, %s, attempt %s begins", number, kind, held.job.attempts)
    try:
        outcome = perform(held.job, Bench(store, settings, held.progress, held.finish))
    except LeaseLost:
        raise
    except LayerRefused as error:
        outcome = refusal(held.job, error.message, error.issues)
    except (Busy, NotReady) as error:
        outcome = _failure(held, error.message)
    except GridError as error:
        outcome = refusal(held.job, error.message, ())
    except MemoryError:
        outcome = _failure(held, "There was not enough memory: import in parts, or give the service more.")
    except OSError as error:
        outcome = _failure(held, _refused_by_system(error))
    except Exception as error:  # noqa: BLE001  whatever it is, the job must come to an end
        _log.exception("job %s failed unexpectedly", number)
        outcome = _failure(held, f"Something broke here ({type(error).__name__}); the log of the service says more.")
    if outcome is not None:
        held.end(outcome)
    _log.info("job %s ends", number)


def _refused_by_system(error: OSError) -> str:
    if is_full(error):
        return "The disk is full: make room for the data folder and for temporary files."
    return f"The system refused: {error.strerror or type(error).__name__}."


def _failure(held: Held, reason: str) -> Outcome | None:
    """FAILED at the last attempt; before it the job is given back."""
    if held.job.attempts >= MAX_ATTEMPTS:
        return Outcome(state=JobState.FAILED, error=reason)
    _log.warning("job %s is to be tried again: %s", held.job.number, reason)
    time.sleep(RETRY_S)
    held.give_back(counts=True)
    return None


def _tidy(held: Held, store: Store, settings: Settings) -> None:
    """After a job has ended: its file goes; a published edition gets its tiles."""
    job = store.find_job(held.job.number)
    if job is None or not job.has_ended:
        return
    token = token_of(job)
    if token is not None:
        remove(settings, token)
    if job.state is JobState.DONE and job.kind in {JobKind.PUBLISH, JobKind.RESTORE}:
        _cut_tiles(store, settings, job.result["edition"])


def _cut_tiles(store: Store, settings: Settings, edition: object) -> None:
    from api.tiles.cutting import cut_edition  # noqa: PLC0415  only here

    try:
        cut_edition(store, settings, int(str(edition)), lambda _done, _total: None)
    except (OSError, GridError) as error:  # a serving process cuts what lacks when it is asked
        _log.warning("the tiles of edition %s could not be cut: %s", edition, type(error).__name__)
