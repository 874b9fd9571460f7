"""Where a page of a list ended, as a text that a client hands back unchanged."""

import base64
from datetime import datetime
from typing import TypeVar

import orjson

from api.http.parsing import parse_instant
from gridsvc.errors import InvalidInput
from gridsvc.incidents.reports import check_text

Key = TypeVar("Key", int, str)


def write_cursor(instant: datetime, key: int | str) -> str:
    """After the item with this instant and key."""
    return base64.urlsafe_b64encode(orjson.dumps([instant.isoformat(), key])).decode().rstrip("=")


def read_cursor(cursor: str, kind: type[Key]) -> tuple[datetime, Key]:
    """The instant and the key. Raises InvalidInput for what was not written here, or for another list."""
    wrong = InvalidInput("cursor: use the next_cursor of the page before, unchanged.")
    try:
        text, key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        instant = parse_instant(text, "cursor")
        if isinstance(key, str):
            check_text(key)
    except (ValueError, TypeError, InvalidInput):
        raise wrong from None
    if type(key) is not kind or (isinstance(key, int) and not 0 <= key < 2**63):
        raise wrong
    return instant, key
