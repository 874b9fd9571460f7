"""Roster rows as somebody sends them: a model for each table, made from the fields of its rows, and back to rows.

A body is what GET gives: keys as SCHEME:CODE, days and instants ISO 8601, geometry as GeoJSON, which is WGS84.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from functools import cache
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as Bounds
from shapely import Geometry, MultiPolygon, Polygon

from api.http.errors import RequestProblem
from api.http.parsing import FIRST_YEAR, LAST_YEAR, parse_key
from api.http.problems import PARAMETERS
from api.schemas.components import row_name
from gridsvc.errors import InvalidInput
from gridsvc.geojson import geometry_from_geojson
from gridsvc.model.departments import Determination
from gridsvc.model.people import Shift
from gridsvc.model.places import Key
from gridsvc.model.roster import ROSTER_TABLES, Row
from gridsvc.model.texts import TRICKS
from gridsvc.roster.keys import CODE, KEY, MAX_CODE, MAX_KEY

PRINTABLE = rf"^[^\x00-\x1f\x7f-\x9f{TRICKS}]*$"


def _written(value: object) -> object:
    """A number of seconds would pass for a time."""
    if not isinstance(value, str | date):
        raise ValueError("is written as text, ISO 8601")  # noqa: TRY004  what the framework turns into a finding
    return value


Code = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE, pattern=CODE)]
KeyText = Annotated[str, StringConstraints(max_length=MAX_KEY, pattern=KEY)]
Text = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
Phone = Annotated[str, StringConstraints(min_length=3, max_length=40, pattern=r"^[0-9+*#() ,.;/\-]+$")]
Day = Annotated[date, BeforeValidator(_written), Bounds(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]
Instant = Annotated[AwareDatetime, BeforeValidator(_written)]
Shape = Annotated[dict[str, Any], Bounds(description="GeoJSON polygon in WGS84.")]

_TEXTS = frozenset({"name", "name_en", "short_name", "title", "basis", "major", "block", "liaison"})
_LISTS = {"documents": Text, "duty_blocks": Text}
_PLAIN: dict[Any, Any] = {Key: KeyText, date: Day, datetime: Instant, bool: StrictBool}


class StrictBody(BaseModel):
    """A body in which nothing is passed over."""

    model_config = ConfigDict(extra="forbid")


@cache
def body_of(table: str) -> type[StrictBody]:
    """The model of a table's rows. The code may be left out of a new row: the service then makes one."""
    row_type = ROSTER_TABLES[table]
    hints = get_type_hints(row_type)
    members = {field.name: _member(table, field, hints[field.name]) for field in fields(row_type)}
    return create_model(f"{row_name(table)}Body", __base__=StrictBody, **members)


def _member(table: str, field: Field[Any], hint: Any) -> Any:
    kind = _kind(field.name, hint)
    if field.name == "code" and table != "categories":
        return (kind | None, None)
    if field.default is MISSING:
        return (Annotated[kind, Bounds(min_length=1)] if kind is Text else kind, ...)
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return (kind | None if NoneType in get_args(hint) else kind, default)


def _kind(name: str, hint: Any) -> Any:
    if get_origin(hint) in {UnionType, Union}:
        parts = [part for part in get_args(hint) if part is not NoneType]
        hint = parts[0] if len(parts) == 1 else Geometry
    if get_origin(hint) is tuple:
        item: Any = _LISTS.get(name) or _kind("", get_args(hint)[0])
        return Annotated[GenericAlias(list, (item,)), Bounds(max_length=1000)]
    if hint is str:
        return Phone if name == "phone" else Text if name in _TEXTS else Code
    if hint is int:
        return Annotated[int, Bounds(strict=True, ge=0, le=1_000_000)]
    if isinstance(hint, type) and issubclass(hint, Geometry):
        return Shape
    return _PLAIN.get(hint, hint)


def request_body(model: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of a JSON body that the route reads itself, under a limit."""
    schema = model.model_json_schema(ref_template="{model}")
    whole = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": whole}}}}


def _inlined(node: Any, named: Mapping[str, Any]) -> Any:
    """A schema without pointers: what they name stands in their place. No body holds itself."""
    if isinstance(node, list):
        return [_inlined(item, named) for item in node]
    if not isinstance(node, dict):
        return node
    target = named.get(node.get("$ref", ""))
    if target is not None:
        return _inlined(target, named) | {key: value for key, value in node.items() if key != "$ref"}
    return {key: _inlined(value, named) for key, value in node.items()}


def parse_body(table: str, document: dict[str, Any], number: int) -> BaseModel:
    """One of several rows. Raises the problem that names each wrong field."""
    try:
        return body_of(table).model_validate(document)
    except ValidationError as error:
        found = [
            {"parameter": ".".join(map(str, ("changes", number, "row", *item["loc"]))), "detail": str(item["msg"])}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        detail = "; ".join(f"{item['parameter']}: {item['detail']}" for item in found[:5])
        raise RequestProblem(PARAMETERS, detail, errors=found) from error


def row_of(table: str, body: BaseModel, key: str | None = None) -> Row:
    """The row that a body says, under a key where the address names one; without either its code is empty.

    Raises InvalidInput for what the types alone do not tell.
    """
    values = {name: _value(name, value) for name, value in body.model_dump().items()}
    if table == "categories":
        own = f"{values['scheme']}:{values['code']}"
    else:
        own = values["code"] or key or ""
        values["code"] = own
    if key is not None and own != key:
        raise InvalidInput(f"code: the body says {own}, the address {key}; a row keeps its code.", parameter="code")
    row = ROSTER_TABLES[table](**values)
    _check(row)
    return row


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in {"category", "component"}:
        return parse_key(value, name)
    if name == "categories":
        return tuple(parse_key(item, name) for item in value)
    if name == "geometry":
        return polygon_of(value)
    return tuple(value) if isinstance(value, list) else value


def polygon_of(document: object) -> Polygon | MultiPolygon:
    """The polygon of a GeoJSON geometry. Raises InvalidInput, for lines too."""
    geometry = geometry_from_geojson(document)
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise InvalidInput("geometry: a Polygon or MultiPolygon is wanted.", parameter="geometry")
    return geometry


def _check(row: Row) -> None:
    if isinstance(row, Shift):
        if row.ends_at <= row.starts_at:
            raise InvalidInput("ends_at: the shift ends before it begins.", parameter="ends_at")
        if row.department is None and row.post is None and row.person is None:
            raise InvalidInput("A shift names a department, a post or a person.", parameter="post")
        if not all(FIRST_YEAR <= at.year <= LAST_YEAR for at in (row.starts_at, row.ends_at)):
            raise InvalidInput(f"A shift lies between the years {FIRST_YEAR} and {LAST_YEAR}.", parameter="starts_at")
        return
    if row.valid_from is not None and row.valid_to is not None and row.valid_to <= row.valid_from:
        raise InvalidInput("valid_to: the row ends before it begins.", parameter="valid_to")
    if isinstance(row, Determination) and (row.geometry is None) == (row.component is None):
        raise InvalidInput("A determination is about a polygon or about a component.", parameter="geometry")
