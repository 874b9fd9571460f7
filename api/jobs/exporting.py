"""Exporting a layer as a job: what may be asked, the file as its asker may see the layer, and who may fetch it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.access.allowing import RIGHT_OF_LAYER, Access, opening_of
from api.access.guarded import sight_of, visible
from api.bootstrap import Services, WatchedServing, resolve_options
from api.jobs.uploads import result_folder
from api.settings import Settings
from gridsvc.accounts.guarded import load_guarded
from gridsvc.accounts.rights import check_right, reach
from gridsvc.errors import InvalidInput, NotAllowed, NotFound, TooOften
from gridsvc.model.accounts import Action, Caller
from gridsvc.model.territory import Component, Feature, Layer
from gridsvc.model.work import Job, JobKind, JobState
from gridsvc.ports import Progress, Store

MOST_A_DAY = 20
"""Of one account: each file may be as large as the layer, and stays as long as its job."""
DAY = timedelta(days=1)
TOLD_EACH = 1000
"""Features between two tellings of the progress."""


def find_same(access: Access, given: dict[str, Any]) -> Job | None:
    """The asker's own job for the same file, under way or with the file still there: an edition never changes, so
    another one would only take room. Raises TooOften for who has had MOST_A_DAY files made since yesterday.
    """
    now = access.services.settings.now()
    latest = access.services.store.list_jobs(made_by=access.caller.login, before=None, limit=10 * MOST_A_DAY)
    exports = [job for job in latest if job.kind is JobKind.EXPORT_LAYER]
    for job in exports:
        if job.input == given and (not job.has_ended or _has_file(access, job)):
            return job
    since = [job.created_at for job in exports if job.created_at > now - DAY]
    if len(since) >= MOST_A_DAY:
        wait = since[MOST_A_DAY - 1] + DAY - now
        raise TooOften(f"{MOST_A_DAY} exports a day are made for one account.", retry_after_s=int(wait.total_seconds()))
    return None


def export_input(access: Access, edition: int, layer: Layer, ending: str, datum: str) -> dict[str, Any]:
    """The job's input: with what limits the asker's token, if it is one."""
    caller = access.caller
    return {
        "edition": edition,
        "layer": layer.value,
        "format": ending,
        "datum": datum,
        "login": caller.login,
        "actions": None if caller.actions is None else sorted(caller.actions),
    }


def write_export(
    given: dict[str, Any], number: int, store: Store, settings: Settings, progress: Progress
) -> dict[str, Any]:
    """Write the file into the folder of a job's result, and return that result.

    Progress counts each feature twice: when it is read, and when the file with all of them is written.
    """
    from geodata.export import export_layer  # noqa: PLC0415  a serving worker does without pandas
    from gridsvc.model.territory import Territory  # noqa: PLC0415

    layer, edition = Layer(given["layer"]), store.get_edition(given["edition"])
    steps = 2 * edition.counts.get(layer.value, 0)
    features, sight = tuple(_told(store.iter_features(edition.number, layer), steps, progress)), ""
    if layer is Layer.COMPONENTS:
        features, sight = _seen(given, features, store, settings)
    folder = result_folder(settings, number)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{layer.value}-e{edition.number}.{given['format']}"
    only: dict[str, Any] = {layer.value: features}
    count = export_layer(Territory(edition.crs, **only), layer, file, datum=given["datum"], overwrite=True)
    progress(steps, steps)
    told = {name: given[name] for name in ("edition", "layer", "format", "datum")}
    return {**told, "file": file.name, "features": count, "bytes": file.stat().st_size, "sight": sight}


def _told(features: Iterable[Feature], steps: int, progress: Progress) -> Iterator[Feature]:
    """Features as they are read."""
    for count, feature in enumerate(features, start=1):
        if count % TOLD_EACH == 0:
            progress(count, steps)
        yield feature
    progress(steps // 2, steps)


def find_export(access: Access, job: Job | None) -> Path:
    """The file of a job, for who asked for it and may still see all that is in it. Raises NotFound and NotAllowed."""
    settings = access.services.settings
    if job is None or job.kind is not JobKind.EXPORT_LAYER or job.made_by != access.caller.login:
        raise NotFound("There is no such job of yours that makes a file.")
    layer = Layer(str(job.input["layer"]))
    check_right(access.caller, RIGHT_OF_LAYER[layer], opening_of(access.services))
    if job.state is not JobState.DONE:
        raise NotFound(f"Job {job.number} has made no file: it is {job.state.value}.")
    if layer is Layer.COMPONENTS and job.result["sight"] != sight_of(access):
        raise NotAllowed("What you may see of the components has changed since: export them again.")
    file = result_folder(settings, job.number) / str(job.result["file"])
    if not file.is_file():
        raise NotFound(f"The file of job {job.number} is gone: export again.")
    return file


def _has_file(access: Access, job: Job) -> bool:
    try:
        find_export(access, job)
    except (NotFound, NotAllowed):
        return False
    return True


def _seen(
    given: dict[str, Any], features: tuple[Feature, ...], store: Store, settings: Settings
) -> tuple[tuple[Feature, ...], str]:
    """The components that the asker may see, and what that depends on. Raises InvalidInput for who is gone."""
    account = store.find_account(given["login"])
    if account is None or not account.active:
        raise InvalidInput("the account that asked for it is closed")
    actions = None if given["actions"] is None else frozenset(Action(name) for name in given["actions"])
    serving = WatchedServing(store, settings)
    guarded = load_guarded(settings.schemes_file)
    services = Services(settings, store, serving, resolve_options(settings), guarded)
    caller = Caller(account, actions)
    access = Access(services, caller, reach(caller, Action.READ_COMPONENTS, opening_of(services)))
    if any(isinstance(item, Component) and guarded.covers(item.category) for item in features):
        serving.refresh()
    return tuple(visible(access, features)), sight_of(access)
