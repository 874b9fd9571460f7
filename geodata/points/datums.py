"""In which datum the points of a file are: as for an imported layer, what the file says, or what its user says."""

from geodata.formats.table import SourceTable
from geodata.issues import list_blocking, text_of
from geodata.normalise.datums import choose_datum, parse_crs
from gridsvc.errors import InvalidInput


def datum_of_points(file: str, crs: str | None, said: str | None, *, is_binding: bool) -> tuple[str | None, list[str]]:
    """The datum of rows that say none by themselves, and lines to tell; None where nobody says one.

    `said` is canonical. Raises InvalidInput where the file says another one, or one that leads nowhere.
    """
    if said is None and (parse_crs(crs) is None or not is_binding):
        return None, []
    chosen, issues = choose_datum(SourceTable(file, {}, (), crs=crs, crs_is_binding=is_binding), said, "points")
    for issue in list_blocking(issues):
        message, remedy = text_of(issue, "en")
        raise InvalidInput(f"{message}: {remedy}.")
    return chosen, [text_of(issue, "en")[0] for issue in issues]
