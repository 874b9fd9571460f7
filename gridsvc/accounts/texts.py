"""Which texts an account may have: a login is typed and compared, so its alphabet is plain; names are for people."""

import re

from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import Account

LOGIN_PATTERN = r"^[a-z0-9][a-z0-9._@-]{0,62}$"
MAX_NAME, MAX_CODE, MAX_SUBJECT = 100, 64, 300

_LOGIN = re.compile(LOGIN_PATTERN.removesuffix("$") + r"\Z")


def check_texts(account: Account) -> None:
    """Raise InvalidInput for a login, a name or a code that cannot be an account's; HTML in a name is only text."""
    if not _LOGIN.match(account.login):
        raise InvalidInput("login: 1 to 63 of a-z, 0-9 and . _ @ -, beginning with a letter or digit", field="login")
    bounds = {"name": MAX_NAME, "area": MAX_CODE, "department": MAX_CODE, "person": MAX_CODE, "subject": MAX_SUBJECT}
    for field, most in bounds.items():
        check_text(field, getattr(account, field), most)


def check_text(field: str, text: str | None, most: int) -> None:
    """Raise InvalidInput for an empty or too long text, and for one with characters that nobody sees."""
    if text is None:
        return
    if not text.strip() or len(text) > most or not text.isprintable():
        raise InvalidInput(f"{field}: 1 to {most} visible characters", field=field)
