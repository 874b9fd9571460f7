"""`gridsvc resolve IN OUT`: a file of points to a file of answers, which may be taken up again where it ended."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from api.batch.answer import Question
from api.bootstrap import Services, build_services
from api.cli.options import JsonOption
from api.cli.resolving.begun import Asked, begin, take_up
from api.cli.resolving.parts import Parts, hold
from api.cli.resolving.run import Run
from api.cli.resolving.sources import SOURCE_ENDINGS, Source, open_source
from api.cli.resolving.targets import FORMATS, TARGET_ENDINGS, Format
from api.cli.terminal import progress_bar, put_json, say
from api.http.parsing import parse_instant
from api.settings import load_settings
from geodata.issues import text_of
from gridsvc.datum import parse_datum
from gridsvc.disk import is_full
from gridsvc.errors import Conflict, InvalidInput, LayerRefused, NotReady

ROWS_BETWEEN_COLLECTIONS = 100_000


def resolve(
    source: Annotated[
        Path, typer.Argument(metavar="IN", exists=True, dir_okay=False, help=f"Points: {SOURCE_ENDINGS}.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help=f"Answers: {TARGET_ENDINGS}.")],
    datum: Annotated[
        str | None, typer.Option(help="Datum of all rows that say no other, unless the file says one; never guessed.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Which layer of a GeoPackage that has several.")] = None,
    at: Annotated[str | None, typer.Option(help="Instant with offset; now if not said.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run into OUT ended.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT, or start an interrupted run over.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Resolve every point of a file. Tables have columns lon and lat, layers have points; both may have id, datum,
    accuracy_m and category.
    """
    settings = load_settings()
    form = _check_target(target)
    asked = Asked(
        source, layer, None if datum is None else parse_datum(datum), None if at is None else parse_instant(at, "--at")
    )
    services = build_services(settings)
    try:
        services.serving.refresh()
        with _rarely_collecting(), hold(target) as parts:
            kept = _find_kept(parts, target, resume=resume, overwrite=overwrite)
            with _refusing(), ExitStack() as reading:
                with progress_bar("reading"):
                    opened = reading.enter_context(open_source(source, asked.datum, layer))
                run = Run(opened, parts, _question(services, asked, opened, parts, kept), form)
                _go(run, asked, target)
    finally:
        services.store.close()
    _tell(run, target, as_json=as_json)


def _check_target(target: Path) -> Format:
    form = FORMATS.get(target.suffix.lower())
    if form is None:
        raise InvalidInput(f"{target.name} has no ending that says a format: use {TARGET_ENDINGS}.")
    if target.is_dir():
        raise InvalidInput(f"{target.name} is a folder: name a file.")
    if not target.resolve().parent.is_dir():
        raise InvalidInput(f"The folder {target.absolute().parent} does not exist: make it, or name another.")
    return form


def _find_kept(parts: Parts, target: Path, *, resume: bool, overwrite: bool) -> dict[str, Any] | None:
    """The manifest of the run that is to be taken up. Raises Conflict where something would be lost unsaid."""
    manifest = parts.find_manifest() if resume or not overwrite else None
    if manifest is not None and not resume:
        raise Conflict(
            f"{parts.folder.name} is there from an interrupted run: "
            "say --resume to go on, or --overwrite to start over."
        )
    if target.exists() and not overwrite:
        raise Conflict(f"{target.name} is there already: say --overwrite to replace it.")
    return manifest


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Rows come and go by the million, none of them in a circle: looking for such takes half of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ROWS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _refusing() -> Iterator[None]:
    """A file that is refused as layers are is refused in one line."""
    try:
        yield
    except LayerRefused as refused:
        message, remedy = text_of(refused.issues[0], "en")
        raise InvalidInput(f"{message}: {remedy}.") from refused


def _question(services: Services, asked: Asked, opened: Source, parts: Parts, kept: dict[str, Any] | None) -> Question:
    for remark in opened.remarks:
        say(remark)
    if kept is not None:
        return take_up(kept, asked, services, opened.datum)
    return begin(parts, asked, services, opened.datum)


def _go(run: Run, asked: Asked, target: Path) -> None:
    """All of the work. What ends it too early is told with what to do about it."""
    try:
        with progress_bar("resolving") as progress:
            chunks = run.resolve(progress)
        if asked.is_changed():
            raise Conflict(f"{asked.source.name} was changed while it was read: say --overwrite to start over.")
        with progress_bar("writing") as progress:
            run.write(target, chunks, progress)
    except KeyboardInterrupt:
        say(f"Interrupted: {_kept_rows(run)}; say the same with --resume to go on.")
        raise
    except OSError as error:
        if not is_full(error):
            raise
        why = error.strerror or "the disk takes no more"
        raise NotReady(f"{why}: {_kept_rows(run)}; make room there, then say the same with --resume.") from error


def _kept_rows(run: Run) -> str:
    return f"{run.done} of {run.source.rows} rows are kept in {run.parts.folder.name}"


def _tell(run: Run, target: Path, *, as_json: bool) -> None:
    snapshot, rows = run.question.snapshot, run.source.rows
    number, roster = snapshot.edition.number, snapshot.duties.revision
    if as_json:
        told = {"rows": rows, "edition": number, "roster": roster, "file": target.name}
        put_json(told | {"at": run.question.at, "resumed_rows": run.resumed})
    before = f"; {run.resumed} of them before it was interrupted" if run.resumed else ""
    say(f"{rows} points resolved with edition {number} into {target.absolute()}{before}.")
