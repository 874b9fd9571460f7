"""Whether the process lives, whether it can answer, and what it is."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from api.access.allowing import CallerOf, opening_of, services_of
from api.http.problems import KINDS, ProblemKind
from api.http.told_page import HTML, Link, Words, told_page
from api.operation.metrics import CONTENT_TYPE, Metrics
from api.routes.replies import JSON, choose_type, json_reply
from api.schemas.openapi import Responses, answers, problems
from api.settings import LOOPBACK
from gridsvc import __version__
from gridsvc.accounts.rights import check_right
from gridsvc.errors import NotFound, NotReady
from gridsvc.model.accounts import Action

router = APIRouter(tags=["operation"])
_FIGURES: Responses = {200: {"description": "Prometheus text.", "content": {"text/plain": {}}}}
_KIND: Responses = answers("ProblemKind", "It.")
_KIND[200]["content"][HTML] = {"schema": {"type": "string"}}
_DOCS = Link("/docs", "接口说明", "The API")
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")


@router.get("/health/live", summary="Does the process live", responses=answers("Health", "It does."))
async def live() -> Response:
    """Says nothing about the database or an edition."""
    return json_reply({"status": "live"})


@router.get("/health/ready", summary="Can it answer", responses=answers("Health", "It can.") | problems(503))
@router.get("/healthz", summary="Can it answer", include_in_schema=False)
async def ready(request: Request) -> Response:
    """200 when the edition in force is open. `ties` counts, by responsible body, this worker's answers to single
    places that nothing but the lowest code decided.

    While a newly published one is being compiled the last one answers, and so it does while the database is gone, as
    `database` tells, and while the disk is full, as `writable` tells. This stays 200 then: red here would take all
    workers out of rotation at once.
    """
    serving = services_of(request).serving
    if not serving.is_ready():
        raise NotReady("The edition in force is not open: none is published, or it is still being loaded.")
    snapshot = serving.current()
    state = {"status": "ready", "edition": snapshot.edition.number, "roster": snapshot.duties.revision}
    database = "reachable" if serving.is_reachable else "unreachable"
    return json_reply(state | {"database": database, "writable": serving.is_writable, "ties": serving.ties.counts()})


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    responses=_FIGURES | problems(401, 403),
)
def get_metrics(request: Request, caller: CallerOf) -> Response:
    """For who may read operating figures, and for programs on this machine that no proxy sent."""
    if not _is_local(request):
        check_right(caller, Action.READ_METRICS, opening_of(services_of(request)))
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), 200, {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE})


def _is_local(request: Request) -> bool:
    """Whether the request comes straight from this machine."""
    host = request.client.host if request.client else ""
    return host in LOOPBACK and not any(name in request.headers for name in _FORWARDED)


@router.get("/version", summary="What runs here", responses=answers("Version", "Name and versions."))
async def version() -> Response:
    """The release and the version of the API."""
    return json_reply({"name": "gridsvc", "version": __version__, "api": "v1"})


@router.get("/problems", summary="Kinds of trouble", responses=answers("ProblemKinds", "All kinds."))
async def list_problems() -> Response:
    """Every `type` that an error answer may have."""
    return json_reply(
        {"problems": [_kind_document(kind) for kind in sorted(KINDS.values(), key=lambda kind: kind.name)]}
    )


@router.get("/problems/{name}", summary="One kind of trouble", responses=_KIND | problems(404, 422))
async def get_problem(name: str, request: Request) -> Response:
    """What the `type` of an error answer means and what to do about it; for browsers as a page in both languages."""
    if name not in KINDS:
        raise NotFound(f"There is no kind of problem {name!r}: /problems lists them.")
    kind, varies = KINDS[name], {"Vary": "Accept"}
    if choose_type(request.headers.get("accept", "*/*"), [JSON, HTML]) != HTML:
        return json_reply(_kind_document(kind), 200, varies)
    words = Words(kind.title_zh, kind.title, kind.remedy_zh, kind.remedy)
    facts = [(kind.type, f"HTTP {kind.status}")]
    page = told_page(request, f"{kind.title_zh} · {kind.title}", words, facts, _DOCS)
    return Response(page, 200, varies, f"{HTML}; charset=utf-8")


def _kind_document(kind: ProblemKind) -> dict[str, object]:
    return {
        "type": kind.type,
        "status": kind.status,
        "title": kind.title,
        "title_zh": kind.title_zh,
        "remedy": kind.remedy,
        "remedy_zh": kind.remedy_zh,
    }
