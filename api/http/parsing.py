"""Instants, days and keys out of text, for both doors."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key

FIRST_YEAR, LAST_YEAR = 1900, 2200


def parse_instant(text: str, name: str = "at") -> datetime:
    """An instant with its offset. Raises InvalidInput for a time without one: a server's zone is nobody's business."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        hint = " (a + in an address is written %2B)" if " " in text else ""
        raise InvalidInput(f"{name}: {text!r} is no instant; write 2026-11-22T08:00:00+08:00{hint}.") from error
    if instant.tzinfo is None:
        raise InvalidInput(f"{name}: {text!r} has no offset; write 2026-11-22T08:00:00+08:00 or …Z.")
    _check_year(instant, name)
    return instant


def parse_day(text: str, zone: ZoneInfo, name: str = "at") -> date:
    """A day in a zone, given as a date or as an instant with its offset."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = parse_instant(text, name).astimezone(zone).date()
    _check_year(day, name)
    return day


def _check_year(day: date, name: str) -> None:
    """Years at the ends of the calendar cannot be turned into another zone, and no city has answers for them."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(f"{name}: {day.isoformat()} is not between the years {FIRST_YEAR} and {LAST_YEAR}.")


def parse_key(text: str, name: str) -> Key:
    """SCHEME:CODE. Raises InvalidInput."""
    scheme, colon, code = text.partition(":")
    if not (scheme and colon and code):
        raise InvalidInput(f"{name}: {text!r} is no key; write SCHEME:CODE, such as EVENT_CJT214:0102.")
    return Key(scheme, code)
