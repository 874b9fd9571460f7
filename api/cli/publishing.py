"""`gridsvc check`, `publish`, `restore`, `accept`: from a draft to the edition in force."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import orjson
import typer
from shapely import to_geojson

from api.bootstrap import edition_files, open_store
from api.cli.editions import newest_edition
from api.cli.findings import blocks, issue_document, put_issues, refuse_unknown
from api.cli.options import CommitOption, DraftOption, JsonOption
from api.cli.terminal import progress_bar, put_json, say
from api.cli.tiles import cut_published
from api.http.parsing import parse_instant
from api.settings import Settings, load_settings
from geodata import drafts, publishing
from geodata.schemes import load_schemes
from gridsvc.errors import InvalidInput, PublishRefused
from gridsvc.model.edition import Edition
from gridsvc.model.issue import Issue, Severity
from gridsvc.ports import Store

ROSTER_FINDINGS = "the roster page, or GET /api/v1/roster/issues"
AtOption = Annotated[
    str | None, typer.Option("--at", help="Instant from which it is in force, with offset; now if not said.")
]


def check(
    draft: DraftOption = None,
    geojson: Annotated[Path | None, typer.Option(help="Write the findings as GeoJSON to this file.")] = None,
    as_json: JsonOption = False,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Of what the findings say.")] = "en",
) -> None:
    """Check a draft, or the newest edition when no draft is open; exit code 1 when a finding blocks."""
    settings = load_settings()
    if geojson is not None and (geojson.is_dir() or not geojson.parent.is_dir()):
        raise InvalidInput(f"--geojson {geojson}: name a file in a folder that is there.")
    with open_store(settings) as store:
        looked_at, issues = _check(store, draft, settings)
    if geojson is not None:
        geojson.write_bytes(orjson.dumps(_issue_collection(issues, lang)))
        say(f"Wrote {len(issues)} findings to {geojson.absolute()}.")
    _show(issues, as_json, lang)
    say(looked_at)
    raise typer.Exit(1 if blocks(issues) else 0)


def accept(
    issue_ids: Annotated[list[str], typer.Argument(help="Ids of findings, as `check --json` gives them.")],
    reason: Annotated[str, typer.Option(help="Why this is as it should be.")],
    draft: DraftOption = None,
    commit: CommitOption = False,
) -> None:
    """Accept findings that are no faults, with a reason that stays beside them."""
    settings = load_settings()
    if not reason.strip():
        raise InvalidInput("Give a reason with --reason: it is shown beside the finding from now on.")
    wanted = list(dict.fromkeys(issue_ids))
    with open_store(settings) as store:
        refuse_unknown(wanted, _check(store, draft, settings)[1])
        if commit:
            store.accept_issues(wanted, reason, settings.now())
    say(f"{len(wanted)} findings accepted." if commit else "Dry run: add --commit to accept.")


def publish(
    draft: DraftOption = None,
    at: AtOption = None,
    comment: Annotated[str, typer.Option(help="What this edition is about.")] = "",
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check a draft and publish all of its layers at once; without --commit only tell what would block."""
    settings = load_settings()
    schemes, now, start = load_schemes(settings.schemes_file), settings.now(), _instant(at)
    with open_store(settings) as store, progress_bar("publishing") as progress:
        number = drafts.get_open_draft(store, draft)
        try:
            if commit:
                edition, issues = publishing.publish(
                    store,
                    number,
                    effective_from=start,
                    now=now,
                    schemes=schemes,
                    progress=progress,
                    comment=comment,
                    keep=edition_files(settings, store).keep,
                )
            else:
                issues = publishing.preview(
                    store, number, effective_from=start, now=now, schemes=schemes, progress=progress
                )
        except PublishRefused as refused:
            _show(refused.issues, as_json, "en")
            raise
    if commit:
        put_issues(issues)
        _announce(edition, settings.zone, as_json)
        cut_published(settings, edition.number)
        return
    _show(issues, as_json, "en")
    say(_what_next(issues))
    raise typer.Exit(1 if blocks(issues) else 0)


def _what_next(issues: list[Issue]) -> str:
    """After a dry run: what stands between the draft and its publishing."""
    number = sum(issue.severity is Severity.BLOCK for issue in issues)
    if not number:
        return "Dry run: add --commit to publish."
    findings = "1 finding blocks" if number == 1 else f"{number} findings block"
    return (
        f"Dry run: {findings}. First do what each one says, or `gridsvc accept` those that are no faults "
        "(ids: `gridsvc check --json`); then publish again."
    )


def restore_edition(number: int, at: str | None, commit: bool, as_json: bool) -> None:
    """Publish the content of an older edition again, as a new edition."""
    settings = load_settings()
    starts_at = _instant(at)
    with open_store(settings) as store, progress_bar("restoring") as progress:
        if not commit:
            source = store.get_edition(number)
            say(f"Dry run: would publish edition {source.number} again; add --commit.")
            return
        keep, now = edition_files(settings, store).keep, settings.now()
        edition = publishing.restore(store, number, effective_from=starts_at, now=now, progress=progress, keep=keep)
    _announce(edition, settings.zone, as_json)


def _check(store: Store, draft: int | None, settings: Settings) -> tuple[str, list[Issue]]:
    """What was looked at, the named or only open draft, else the newest edition; and its findings."""
    schemes, today = load_schemes(settings.schemes_file), settings.now().date()
    number = draft if draft is not None else drafts.find_open_draft(store)
    with progress_bar("checking") as progress:
        if number is None:
            edition, revision = newest_edition(store), store.state().roster_revision
            issues = drafts.check_edition(store, edition, schemes, today=today, progress=progress)
            return f"Looked at edition {edition} with the roster, revision {revision}.", issues
        issues = drafts.check_draft(store, number, schemes, today=today, progress=progress)
    return f"Looked at draft {number}, as publishing will; all of the roster's findings: {ROSTER_FINDINGS}.", issues


def _show(issues: list[Issue] | tuple[Issue, ...], as_json: bool, lang: str) -> None:
    if as_json:
        put_json([issue_document(issue, lang) for issue in issues])
    else:
        put_issues(issues, lang)


def _announce(published: Edition, zone: ZoneInfo, as_json: bool) -> None:
    edition = replace(
        published,
        effective_from=published.effective_from.astimezone(zone),
        published_at=published.published_at.astimezone(zone),
    )
    say(f"Edition {edition.number} is published, in force from {edition.effective_from.isoformat()}.")
    if as_json:
        put_json(edition)


def _issue_collection(issues: list[Issue], lang: str) -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "geometry": None if issue.geometry is None else orjson.Fragment(to_geojson(issue.geometry)),
            "properties": issue_document(issue, lang),
        }
        for issue in issues
    ]
    return {"type": "FeatureCollection", "features": features}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text, "--at")
