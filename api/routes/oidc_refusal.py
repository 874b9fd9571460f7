"""What somebody sees whom the provider's answer did not sign in: a sentence and what to do, in a page of its own."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from api.http.errors import PROBLEM_JSON
from api.http.problems import kind_of
from api.http.told_page import HTML, Link, Words, told_page
from api.routes.replies import choose_type
from gridsvc.errors import Busy, GridError, NotAllowed, NotReady

_NO_ACCOUNT = Words(
    "这里没有您的账号",
    "There is no account for you here",
    "统一身份认证已确认您是谁。请管理员为下面的身份开通账号，然后重新登录。",
    "You have shown who you are. Ask an administrator to set this name in an account, then sign in again.",
)
_NO_PROVIDER = Words(
    "统一身份认证没有回应",
    "The sign-in service does not answer",
    "请一分钟后重新登录；若有本系统的密码，可在首页用密码登录。",
    "Sign in again in a minute; who has a password here signs in with it on the first page.",
)
_NOT_DONE = Words(
    "登录没有完成",
    "Signing in was not completed",
    "可能等得太久、换了浏览器，或登录被取消。请重新登录；若仍然不行，请把编号告诉管理员。",
    "It took too long, went on in another browser, or was cancelled. Sign in again, or tell an administrator this:",
)
_AGAIN = Link("/api/v1/session/oidc", "重新登录", "Sign in again")


def refusal_page(request: Request, error: GridError) -> Response | None:
    """The page with the status of the error, for browsers; None for programs, which get the problem itself."""
    if choose_type(request.headers.get("accept", "*/*"), [PROBLEM_JSON, HTML]) != HTML:
        return None
    words = _NO_ACCOUNT if isinstance(error, NotAllowed) else _NO_PROVIDER if _is_away(error) else _NOT_DONE
    subjects: Sequence[str] = error.details.get("subjects", ())
    facts = [*((subject, "") for subject in subjects), ("", str(request.scope.get("state", {}).get("request_id", "")))]
    page = told_page(request, request.app.title, words, facts, _AGAIN)
    return Response(page, kind_of(error).status, {"Cache-Control": "no-store"}, f"{HTML}; charset=utf-8")


def _is_away(error: GridError) -> bool:
    return isinstance(error, NotReady | Busy)
