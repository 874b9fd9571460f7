"""What an import is told in its address, checked before the file is taken in."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.settings import Settings
from geodata.columns import list_columns
from geodata.formats.encoding import find_codec
from geodata.schemes import load_schemes
from gridsvc.datum import parse_datum
from gridsvc.errors import InvalidInput
from gridsvc.model.territory import Layer

_MOST_ACCEPTED = 1000


class LayerQuery(BaseModel):
    """How the file is to be read."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120, description="The file's name with its ending.")]
    scheme: Annotated[str, Field(max_length=60, description="Code scheme, such as GRID_DB11_2157.")] | None = None
    datum: (
        Annotated[str, Field(max_length=10_000, description="WGS84, CGCS2000, GCJ02, BD09, EPSG:n or WKT.")] | None
    ) = None
    mode: Annotated[Literal["replace", "merge"], Field(description="Replace what is there, or merge into it.")] = (
        "replace"
    )
    map: Annotated[str, Field(max_length=2000, description="Our columns from theirs: code=BGID,name=MC.")] = ""
    encoding: Annotated[str, Field(max_length=40, description="Of attribute text, such as GBK.")] | None = None
    code_from_filename: bool = False
    repair: Annotated[bool, Field(description="Mend invalid geometry and tell the change.")] = False
    accept: Annotated[str, Field(max_length=20_000, description='Findings to accept: {"id": "reason"}.')] = "{}"


def import_input(query: LayerQuery, layer: str, draft: int, settings: Settings) -> dict[str, Any]:
    """The job's input. Raises InvalidInput and UnknownDatum for what no file could mend."""
    schemes, wanted = load_schemes(settings.schemes_file), Layer(layer)
    if query.scheme is not None and schemes.get(query.scheme).layer is not wanted:
        fitting = ", ".join(scheme.name for scheme in schemes.list_for(wanted))
        raise InvalidInput(f"scheme: {query.scheme} is not one of {layer}; use {fitting}.")
    if query.encoding is not None and find_codec(query.encoding) is None:
        raise InvalidInput("encoding: nobody knows it; say UTF-8, GBK, GB18030 or Big5.")
    return {
        "draft": draft,
        "layer": layer,
        "name": query.name,
        "scheme": query.scheme,
        "datum": None if query.datum is None else parse_datum(query.datum),
        "mode": query.mode,
        "columns": _columns(query.map, layer),
        "encoding": query.encoding,
        "code_from_filename": query.code_from_filename,
        "repair": query.repair,
        "accept": _accepted(query.accept),
    }


def _columns(text: str, layer: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    columns = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if len(columns) < len(pairs) or not all(columns) or not all(columns.values()):
        raise InvalidInput("map: give our column = their field, each of ours once: code=BGID,name=MC.")
    known = list_columns(layer)
    unknown = sorted(set(columns) - set(known))
    if unknown:
        raise InvalidInput(f"map: {layer} has no column {', '.join(unknown)}; on the left stands {', '.join(known)}.")
    return columns


def _accepted(text: str) -> dict[str, str]:
    try:
        accepted = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInput('accept: give a JSON object such as {"OVERLAP:cells:1": "why"}.') from error
    fits = isinstance(accepted, dict) and len(accepted) <= _MOST_ACCEPTED
    if not fits or not all(isinstance(why, str) and why.strip() for why in accepted.values()):
        raise InvalidInput("accept: each finding is accepted with a reason, 1,000 at most.")
    return dict(accepted)
