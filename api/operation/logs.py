"""The log on stderr: a line for people at a terminal, one JSON object per line for everything else.

Messages of exceptions often repeat what somebody sent. Of those that nobody foresaw only kind and place are told.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

import orjson

from gridsvc.errors import Busy, NotReady

_OWN_WORDS = (Busy, NotReady, OSError)
"""Their messages are ours or the system's."""
QUIET = {"uvicorn.access": logging.WARNING, "alembic": logging.WARNING, "httpx": logging.WARNING}
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class JsonLines(logging.Formatter):
    """One object per record: time, level, logger, message, what the record is about, and an exception's place."""

    def format(self, record: logging.LogRecord) -> str:
        """Never more than one line."""
        document: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        document |= getattr(record, "about", {})
        if record.exc_info and record.exc_info[0] is not None:
            document["exception"] = _place_of(record.exc_info)
        return orjson.dumps(document, default=str).decode()


class PlainLines(logging.Formatter):
    """For a person who reads along."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """With the milliseconds of requests at the end."""
        text = super().format(record)
        about = getattr(record, "about", None)
        return text if about is None else f"{text} {about['ms']} ms {about['role']} {about['request']}"

    def formatException(self, ei: ExcInfo) -> str:  # type: ignore[override]  # noqa: N802  the base class's name
        """Kind and place."""
        return "\n".join(_place_of(ei))


def configure_logs() -> None:
    """Send everything to stderr, in the form that fits who reads it."""
    # What no line shows is not looked up for each of them either.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainLines() if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def _place_of(error: ExcInfo) -> list[str]:
    kind, value, trace = error
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    words = f": {value}" if isinstance(value, _OWN_WORDS) else ""
    return [*frames, f"{kind.__module__}.{kind.__qualname__}{words}"]
