"""The kinds of trouble that HTTP answers tell (RFC 9457): one table, whose names are the stable `type` of each."""

from dataclasses import dataclass

from gridsvc import errors


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`name` is the last part of the type `/problems/<name>`; `remedy` says what a caller can do."""

    name: str
    status: int
    title: str
    title_zh: str
    remedy: str

    @property
    def type(self) -> str:
        """The stable `type`: a URI reference that opens the page about this kind."""
        return f"/problems/{self.name}"


def _kind(name: str, status: int, title: str, title_zh: str, remedy: str) -> ProblemKind:
    return ProblemKind(name, status, title, title_zh, remedy)


MALFORMED_BODY = _kind("malformed-body", 400, "Body cannot be read", "请求体无法读取", "Send well-formed content.")
SIGN_IN = _kind(
    "sign-in-required", 401, "Sign in first", "请先登录", "Sign in, or ask for public reading to be allowed."
)
CROSS_SITE = _kind(
    "cross-site", 403, "Not sent by our own page", "跨站请求被拒绝", "Send the csrf token of GET /api/v1/session."
)
ROUTE_NOT_FOUND = _kind("no-such-address", 404, "No such address", "地址不存在", "See /openapi.json for all addresses.")
METHOD = _kind("method-not-allowed", 405, "Method not allowed", "方法不允许", "Use a method named in the Allow header.")
TOO_SLOW = _kind("too-slow", 408, "The body came too slowly", "请求体传输过慢", "Send it again over a better line.")
NOT_ACCEPTABLE = _kind("not-acceptable", 406, "No such format", "无此格式", "Ask for a format that the detail names.")
MEDIA_TYPE = _kind(
    "unsupported-media-type", 415, "Unknown content type", "内容类型不支持", "Send a type named in the detail."
)
PARAMETERS = _kind(
    "invalid-parameters", 422, "Parameters are wrong", "参数有误", "`errors` names each parameter and what it needs."
)
PRECONDITION_FAILED = _kind(
    "precondition-failed", 412, "It has changed meanwhile", "内容已被更改", "Read it again; `current_etag` is its tag."
)
PRECONDITION_REQUIRED = _kind(
    "precondition-required", 428, "Say which version you saw", "缺少版本条件", "Send If-Match with the ETag of its GET."
)
KEY_REQUIRED = _kind(
    "key-required",
    428,
    "Send an Idempotency-Key",
    "缺少幂等键",
    "Send a key of your own, and the same one when you try again.",
)
KEY_REUSED = _kind(
    "key-reused", 409, "Key used for something else", "幂等键已被占用", "Take a new key for a new request."
)
IN_FLIGHT = _kind("in-flight", 409, "Still being answered", "请求处理中", "Come again after Retry-After seconds.")
INTERNAL = _kind(
    "internal-error",
    500,
    "Something broke here",
    "服务内部错误",
    "Try again; if it stays, tell the operator the request id.",
)
UNEXPECTED = _kind("http-error", 400, "The request failed", "请求失败", "The status says more.")

KIND_OF: dict[type[errors.GridError], ProblemKind] = {
    errors.GridError: _kind("failed", 500, "The request failed", "请求失败", "See the detail."),
    errors.InvalidInput: _kind("invalid-input", 422, "Input cannot be used", "输入有误", "See the detail."),
    errors.UnknownDatum: _kind(
        "unknown-datum",
        422,
        "Datum missing or unknown",
        "坐标系缺失或未知",
        "Say the datum of the coordinates; it is never guessed.",
    ),
    errors.InvalidLocation: _kind(
        "invalid-location", 422, "Not a place on earth", "坐标无效", "Give lon (x) and lat (y) in the declared datum."
    ),
    errors.UnknownCategory: _kind(
        "unknown-category", 422, "Unknown category", "类别未知", "Use SCHEME:CODE as listed at /api/v1/categories."
    ),
    errors.NotFound: _kind("not-found", 404, "Not there", "未找到", "Check the code or number."),
    errors.NoEdition: _kind("no-edition", 404, "No edition at that time", "当时尚无发布版", "Ask for a later instant."),
    errors.OutsideCoverage: _kind(
        "outside-coverage", 404, "Outside the city", "不在覆盖范围内", "`nearest` and `suspect_datum` may tell why."
    ),
    errors.LayerRefused: _kind(
        "layer-refused", 422, "The layer has faults", "图层存在问题", "Mend what `issues` names."
    ),
    errors.PublishRefused: _kind("publish-refused", 409, "Not published", "未能发布", "Mend what `issues` names."),
    errors.Conflict: _kind("conflict", 409, "It has changed meanwhile", "状态冲突", "Read it again, then decide."),
    errors.TooLarge: _kind("too-large", 413, "Too much at once", "数据量过大", "Split it; the detail says the limit."),
    errors.Busy: _kind("busy", 503, "Too busy just now", "系统繁忙", "Come again after Retry-After seconds."),
    errors.NotReady: _kind(
        "not-ready", 503, "Not ready yet", "尚未就绪", "Come again shortly; publish an edition first."
    ),
    errors.NotAllowed: _kind("not-allowed", 403, "Not allowed", "无权限", "Ask somebody who may."),
    errors.SignInRequired: SIGN_IN,
    errors.TooOften: _kind(
        "too-often", 429, "Too many attempts", "尝试次数过多", "Come again after Retry-After seconds."
    ),
}
"""Every error of the field, and what it is over HTTP; `exit_code` in `api.cli.terminal` is its twin at the terminal."""

KINDS: dict[str, ProblemKind] = {
    kind.name: kind
    for kind in (
        *KIND_OF.values(),
        *(MALFORMED_BODY, CROSS_SITE, ROUTE_NOT_FOUND, METHOD, TOO_SLOW, NOT_ACCEPTABLE, MEDIA_TYPE, PARAMETERS),
        *(PRECONDITION_FAILED, PRECONDITION_REQUIRED),
        *(KEY_REQUIRED, KEY_REUSED, IN_FLIGHT),
        *(INTERNAL, UNEXPECTED),
    )
}


def kind_of(error: errors.GridError) -> ProblemKind:
    """The kind of an error: its own class's."""
    return KIND_OF[type(error)]
