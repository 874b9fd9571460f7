"""A report before it is an incident: its bounds, the instant that it is answered for, and the number that it gets."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gridsvc.errors import InvalidInput
from gridsvc.model.texts import without_tricks

MAX_DESCRIPTION, MAX_ADDRESS, MAX_NAME, MAX_PHONE = 4_000, 200, 100, 40
OLDEST, FARTHEST_AHEAD = timedelta(days=7), timedelta(minutes=5)
"""Within these a device's word on when it happened is used; beyond them its clock is more likely wrong."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but for tab and line ends, lone surrogates, and what is no character at all."""
_NUMBER = re.compile(r"\d{8}-\d{6,9}", re.ASCII)


def check_text(text: str) -> str:
    """The text without blanks at its ends and without tricks of direction. Raises InvalidInput for characters that no
    database and no page takes.

    Markup is no concern of this: HTML in a text is text.
    """
    if (found := _UNPRINTABLE.search(text)) is not None:
        sign = f"U+{ord(found.group()):04X}"
        zh = f"文字中有无法保存的字符 {sign}：请去掉。"
        raise InvalidInput(f"The text holds {sign}, which cannot be kept: leave it out.", zh=zh)
    return without_tricks(text).strip()


def instant_of(occurred_at: datetime | None, now: datetime) -> datetime:
    """For which instant a report is answered: when it happened, as far as that can be believed, else now."""
    if occurred_at is None or not now - OLDEST <= occurred_at <= now + FARTHEST_AHEAD:
        return now
    return occurred_at


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day in the city at an instant."""
    return instant.astimezone(zone).date()


def is_number(text: str) -> bool:
    """Whether a text looks like a number that could have been given."""
    return _NUMBER.fullmatch(text) is not None


def number_of(day: date, count: int) -> str:
    """20261122-000017: sorts as it was given, can be read out on the phone, and tells the day."""
    return f"{day:%Y%m%d}-{count:06d}"
