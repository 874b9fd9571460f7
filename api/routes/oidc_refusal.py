"""What somebody sees whom the provider's answer did not sign in: a sentence and what to do, in a page of its own."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import Response

from api.http.errors import PROBLEM_JSON
from api.http.problems import kind_of
from api.routes.replies import choose_type
from gridsvc.errors import Busy, GridError, NotAllowed, NotReady

_TEMPLATE = Path(__file__).parent.parent / "static" / "refused.html"
_HTML = "text/html"
_NO_ACCOUNT = (
    "这里没有您的账号",
    "There is no account for you here",
    "统一身份认证已确认您是谁。请管理员为下面的身份开通账号，然后重新登录。",
    "You have shown who you are. Ask an administrator to set this name in an account, then sign in again.",
)
_NO_PROVIDER = (
    "统一身份认证没有回应",
    "The sign-in service does not answer",
    "请一分钟后重新登录；若有本系统的密码，可在首页用密码登录。",
    "Sign in again in a minute; who has a password here signs in with it on the first page.",
)
_NOT_DONE = (
    "登录没有完成",
    "Signing in was not completed",
    "可能等得太久、换了浏览器，或登录被取消。请重新登录；若仍然不行，请把编号告诉管理员。",
    "It took too long, went on in another browser, or was cancelled. Sign in again, or tell an administrator this:",
)


def refusal_page(request: Request, error: GridError) -> Response | None:
    """The page with the status of the error, for browsers; None for programs, which get the problem itself."""
    if choose_type(request.headers.get("accept", "*/*"), [PROBLEM_JSON, _HTML]) != _HTML:
        return None
    words = _NO_ACCOUNT if isinstance(error, NotAllowed) else _NO_PROVIDER if _is_away(error) else _NOT_DONE
    zh, en, do_zh, do_en = words
    subjects: Sequence[str] = error.details.get("subjects", ())
    page = _template().substitute(
        title=escape(request.app.title),
        root=escape(str(request.scope.get("root_path", ""))),
        zh=zh,
        en=en,
        do_zh=do_zh,
        do_en=do_en,
        facts="".join(f"<p><code>{escape(subject)}</code></p>" for subject in subjects),
        request=escape(str(request.scope.get("state", {}).get("request_id", ""))),
    )
    return Response(page, kind_of(error).status, {"Cache-Control": "no-store"}, f"{_HTML}; charset=utf-8")


def _is_away(error: GridError) -> bool:
    return isinstance(error, NotReady | Busy)


@cache
def _template() -> Template:
    return Template(_TEMPLATE.read_text("utf-8"))
