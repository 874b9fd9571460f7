"""Parameters of an address: one that nobody knows or that is said twice is refused, as it would change the answer."""

from collections import Counter
from collections.abc import Callable

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.http.errors import RequestProblem
from api.http.problems import PARAMETERS

_SHOWN = 5
_known: dict[Callable[..., object], frozenset[str]] = {}


async def check_query(request: Request) -> None:
    """Raise the problem that names the parameters; for routes below /api/v1, which take theirs themselves."""
    if not request.scope["query_string"]:
        return
    given = Counter(name for name, _ in request.query_params.multi_items())
    known = _names(request.scope["route"])
    errors = [
        (name, "nobody knows this parameter; /openapi.json lists the accepted ones") for name in given.keys() - known
    ]
    errors += [(name, "is said more than once") for name in given.keys() & known if given[name] > 1]
    if errors:
        told = [{"parameter": name[:40], "detail": detail} for name, detail in sorted(errors)[:_SHOWN]]
        detail = "; ".join(f"{item['parameter']}: {item['detail']}" for item in told)
        raise RequestProblem(PARAMETERS, detail, errors=told)


def _names(route: APIRoute) -> frozenset[str]:
    if route.endpoint not in _known:
        _known[route.endpoint] = frozenset(_list_names(route))
    return _known[route.endpoint]


def _list_names(route: APIRoute) -> list[str]:
    names: list[str] = []
    for field in route.dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names += annotation.model_fields
        else:
            names.append(field.alias)
    return names
