"""`gridsvc import` and `export`: layers and roster tables from and to files."""

import stat
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.bootstrap import open_store
from api.cli.editions import newest_edition
from api.cli.findings import issue_document, put_issues
from api.cli.options import CommitOption, DraftOption, JsonOption
from api.cli.terminal import progress_bar, put_json, say
from api.settings import load_settings
from geodata import export as exporting
from geodata.columns import list_columns
from geodata.formats import split_table
from geodata.formats.encoding import find_codec
from geodata.importing import ImportReport, ImportRequest, import_layer
from geodata.roster_files import RosterReport, RosterRequest, import_roster, list_roster_columns
from geodata.schemes import load_schemes
from gridsvc.errors import InvalidInput, LayerRefused
from gridsvc.model.roster import ROSTER_TABLES
from gridsvc.model.territory import Layer

ModeOption = Annotated[
    Literal["replace", "merge"] | None, typer.Option(help="replace what is there, or merge into it.")
]


def import_(
    layer: Annotated[str, typer.Argument(help="areas, cells, groups, segments, components, places or a roster table.")],
    files: Annotated[list[Path], typer.Argument(help="Files of one kind; a table of a GeoPackage as FILE:TABLE.")],
    scheme: Annotated[str | None, typer.Option(help="Code scheme, such as GRID_DB11_2157.")] = None,
    datum: Annotated[str | None, typer.Option(help="WGS84, CGCS2000, GCJ02, BD09, EPSG:n, or @FILE with WKT.")] = None,
    code_from_filename: Annotated[bool, typer.Option(help="The file's name is the code.")] = False,
    map_: Annotated[list[str], typer.Option("--map", help="col=field: our column from their field.")] = [],  # noqa: B006
    mode: ModeOption = None,
    draft: DraftOption = None,
    encoding: Annotated[str | None, typer.Option(help="Of attribute text, such as GBK.")] = None,
    repair: Annotated[bool, typer.Option(help="Mend invalid geometry and tell the change.")] = False,
    accept: Annotated[list[str], typer.Option(help="Id of a finding to accept; needs --reason.")] = [],  # noqa: B006
    reason: Annotated[str, typer.Option(help="Why the accepted findings are no faults.")] = "",
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring files into a draft (layers) or the roster (tables); a dry run unless --commit."""
    settings = load_settings()
    columns, datum = _columns(map_, layer), _datum(datum)
    _check_files(files)
    if encoding is not None and find_codec(encoding) is None:
        raise InvalidInput(f"--encoding {encoding}: nobody knows it; say UTF-8, GBK, GB18030 or Big5.")
    if accept and not reason.strip():
        raise InvalidInput("--accept needs --reason: it is shown beside the finding from now on.")
    report: ImportReport | RosterReport
    with open_store(settings) as store, progress_bar(f"importing {layer}") as progress:
        try:
            if layer in ROSTER_TABLES:
                table = RosterRequest(
                    layer, _single(files), encoding, columns, mode or "merge", datum, commit,
                    accept=dict.fromkeys(accept, reason), draft=draft,
                )  # fmt: skip
                report = import_roster(store, table, settings.now())
            else:
                request = ImportRequest(
                    layer=_layer(layer), files=files, scheme=scheme, datum=datum, code_from_filename=code_from_filename,
                    columns=columns, mode=mode or "replace", draft=draft, encoding=encoding, repair=repair,
                    accept=dict.fromkeys(accept, reason), crs=settings.crs, commit=commit,
                )  # fmt: skip
                report = import_layer(store, request, settings.now(), progress, load_schemes(settings.schemes_file))
        except LayerRefused as refused:
            if as_json:
                put_json({"committed": False, "issues": [issue_document(issue) for issue in refused.issues]})
            else:
                put_issues(refused.issues)
            raise
    _show(report, as_json)


def export(
    layer: Annotated[str, typer.Argument(help="A layer or a roster table.")],
    file: Annotated[
        Path, typer.Argument(help="The ending says the format: geojson, gpkg, fgb, parquet, zip, csv, xlsx.")
    ],
    edition: Annotated[int | None, typer.Option(help="Which edition; the newest if not said.")] = None,
    datum: Annotated[str, typer.Option(help="Datum of the coordinates in the file.")] = "WGS84",
    overwrite: Annotated[bool, typer.Option(help="Replace the file when it is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a layer of an edition, or a roster table, to a file."""
    settings = load_settings()
    with open_store(settings) as store:
        if layer in ROSTER_TABLES:
            count = exporting.export_roster(store.load_roster(), layer, file, overwrite=overwrite)
        else:
            number = edition if edition is not None else newest_edition(store)
            store.get_edition(number)
            territory = store.load_territory(number)
            count = exporting.export_layer(territory, _layer(layer), file, datum=datum, overwrite=overwrite)
    if as_json:
        put_json({"layer": layer, "rows": count, "file": file.name})
    say(f"Wrote {count} rows of {layer} to {file.absolute()}.")


def _columns(pairs: list[str], layer: str) -> dict[str, str]:
    columns = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(columns) or not all(columns.values()):
        raise InvalidInput("--map wants col=field, for example --map code=BGID.")
    if len(columns) < len(pairs):
        raise InvalidInput("--map names a column of ours twice: each is filled from one field.")
    known = list_roster_columns(layer) if layer in ROSTER_TABLES else list_columns(_layer(layer).value)
    unknown = ", ".join(sorted(set(columns) - set(known)))
    if unknown:
        raise InvalidInput(f"--map: {layer} has no column {unknown}; on the left stands one of {', '.join(known)}.")
    return columns


def _check_files(files: list[Path]) -> None:
    """OSError or InvalidInput for what is not there, is no file, or may not be read: nothing in it was looked at."""
    for path in files:
        file, _ = split_table(path)
        if not stat.S_ISREG(file.stat().st_mode):
            raise InvalidInput(f"{path} is a folder or a device: name the files in it.")
        file.open("rb").close()


def _datum(text: str | None) -> str | None:
    """What was said; `@FILE` is read here, at the terminal, so that no other door can name files."""
    if text is None or not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"--datum {text}: that file cannot be read as UTF-8 text.") from error


def _layer(name: str) -> Layer:
    try:
        return Layer(name)
    except ValueError as error:
        names = ", ".join([*(layer.value for layer in Layer), *ROSTER_TABLES])
        raise InvalidInput(f"{name!r} is no layer or table: use one of {names}.") from error


def _single(files: list[Path]) -> Path:
    if len(files) != 1:
        raise InvalidInput("A roster table comes from one file at a time.")
    return files[0]


def _show(report: ImportReport | RosterReport, as_json: bool) -> None:
    figures = {name: getattr(report, name) for name in ("added", "changed", "removed", "unchanged", "committed")}
    if as_json:
        put_json(figures | {"issues": [issue_document(issue) for issue in report.issues]})
        return
    put_issues(report.issues)
    say("{added} added, {changed} changed, {removed} removed, {unchanged} unchanged.".format(**figures))
    say("Done." if report.committed else "Dry run: add --commit to write.")
