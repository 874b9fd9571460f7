"""What each kind of job does: one function of geodata, its answer as the job's outcome."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.bootstrap import edition_files
from api.http.parsing import parse_instant
from api.jobs.exporting import write_export
from api.jobs.findings import counts, documents
from api.jobs.uploads import folder_of
from api.settings import Settings
from geodata import drafts, publishing
from geodata.importing import ImportRequest, import_layer
from geodata.issues import is_acceptable
from geodata.schemes import load_schemes
from gridsvc.errors import Conflict, InvalidInput
from gridsvc.model.edition import Edition
from gridsvc.model.issue import Issue, Severity
from gridsvc.model.territory import Layer
from gridsvc.model.work import Job, JobKind, JobState, Outcome
from gridsvc.ports import Progress, Store, Work

Finish = Callable[[Work, Outcome], None]
"""Ends the job in the transaction that makes its result current; raises where the lease is lost."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a job is done with."""

    store: Store
    settings: Settings
    progress: Progress
    finish: Finish


def perform(job: Job, bench: Bench) -> Outcome | None:
    """Do it; None where it was ended with its result. Raises LayerRefused and other refusals of the field."""
    return _KINDS[job.kind](job, bench)


def _import(job: Job, bench: Bench) -> Outcome:
    given: dict[str, Any] = job.input
    file = folder_of(bench.settings, given["upload"]) / Path(given["name"]).name
    if not file.is_file():
        raise InvalidInput("the uploaded file is gone: send it again")
    request = ImportRequest(
        layer=Layer(given["layer"]),
        files=[file],
        scheme=given["scheme"],
        datum=given["datum"],
        code_from_filename=given["code_from_filename"],
        columns=given["columns"],
        mode=given["mode"],
        draft=given["draft"],
        encoding=given["encoding"],
        repair=given["repair"],
        accept=given["accept"],
        crs=bench.settings.crs,
        commit=True,
    )
    schemes = load_schemes(bench.settings.schemes_file)
    with _unpacked_in(file.parent):
        report = import_layer(bench.store, request, bench.settings.now(), bench.progress, schemes)
    figures = {name: getattr(report, name) for name in ("added", "changed", "removed", "unchanged")}
    result = {"draft": given["draft"], **figures, "counts": counts(report.issues)}
    return Outcome(state=JobState.DONE, result=result, findings=documents(report.issues))


@contextmanager
def _unpacked_in(folder: Path) -> Iterator[None]:
    """Files that a killed worker has unpacked go with the upload, and lie on the disk that is looked after."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _check(job: Job, bench: Bench) -> Outcome:
    given: dict[str, Any] = job.input
    draft = bench.store.get_draft(given["draft"])
    issues = _findings(draft.number, bench)
    result = {"draft": draft.number, "revision": draft.revision, "counts": counts(issues)}
    return Outcome(state=JobState.DONE, result=result, findings=documents(issues))


def _publish(job: Job, bench: Bench) -> None:
    given: dict[str, Any] = job.input
    draft = bench.store.get_draft(given["draft"])
    if draft.revision != given["revision"]:
        raise Conflict(f"draft {draft.number} was changed after it was asked to be published: look at it again")
    _accept(given["accept"], draft.number, bench)
    start = given["effective_from"]

    def also(work: Work, edition: Edition, issues: list[Issue]) -> None:
        told = {"draft": draft.number, "revision": draft.revision, "edition": edition.number, "counts": counts(issues)}
        bench.finish(work, Outcome(state=JobState.DONE, result=told, findings=documents(issues)))

    publishing.publish(
        bench.store,
        draft.number,
        now=bench.settings.now(),
        schemes=load_schemes(bench.settings.schemes_file),
        progress=bench.progress,
        effective_from=None if start is None else parse_instant(start, "effective_from"),
        comment=given["comment"],
        also=also,
        keep=edition_files(bench.settings, bench.store).keep,
    )


def _restore(job: Job, bench: Bench) -> None:
    given: dict[str, Any] = job.input
    start = given["effective_from"]

    def also(work: Work, edition: Edition) -> None:
        bench.finish(work, Outcome(state=JobState.DONE, result={"edition": edition.number}))

    publishing.restore(
        bench.store,
        given["edition"],
        now=bench.settings.now(),
        progress=bench.progress,
        effective_from=None if start is None else parse_instant(start, "effective_from"),
        also=also,
        keep=edition_files(bench.settings, bench.store).keep,
    )


def _export(job: Job, bench: Bench) -> Outcome:
    result = write_export(job.input, job.number, bench.store, bench.settings, bench.progress)
    return Outcome(state=JobState.DONE, result=result)


def _accept(accepted: dict[str, str], draft: int, bench: Bench) -> None:
    """Findings that somebody accepts while publishing. InvalidInput for one that there is not."""
    if not accepted:
        return
    acceptable = {issue.id for issue in _findings(draft, bench) if is_acceptable(issue)}
    unknown = sorted(set(accepted) - acceptable)
    if unknown:
        raise InvalidInput(f"accept: no finding that can be accepted has the id {', '.join(unknown[:5])}")
    for reason in dict.fromkeys(accepted.values()):
        same = [name for name, why in accepted.items() if why == reason]
        bench.store.accept_issues(same, reason, bench.settings.now())


def _findings(draft: int, bench: Bench) -> list[Issue]:
    schemes, today = load_schemes(bench.settings.schemes_file), bench.settings.now().date()
    return drafts.check_draft(bench.store, draft, schemes, today=today, progress=bench.progress)


def refusal(job: Job, message: str, issues: tuple[Issue, ...]) -> Outcome:
    """What blocked, as an outcome."""
    blocking = sum(issue.severity is Severity.BLOCK for issue in issues)
    told: dict[str, object] = {name: job.input[name] for name in ("draft", "revision") if name in job.input}
    result: dict[str, object] = {**told, "counts": counts(issues), "blocking": blocking}
    return Outcome(state=JobState.REFUSED, result=result, findings=documents(issues), error=message)


_KINDS: dict[JobKind, Callable[[Job, Bench], Outcome | None]] = {
    JobKind.IMPORT_LAYER: _import,
    JobKind.CHECK_DRAFT: _check,
    JobKind.PUBLISH: _publish,
    JobKind.RESTORE: _restore,
    JobKind.EXPORT_LAYER: _export,
}
