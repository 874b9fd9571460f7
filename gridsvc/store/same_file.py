"""Whether an embedded database is still the file that its name leads to.

SQLite goes on with a file that was moved away or replaced, and all that is written then is in a file that nobody finds
any more, while a new connection would make an empty one in its place.
"""

from pathlib import Path

from gridsvc.errors import NotReady

_GONE = (
    "the database file was moved away or replaced while it is in use: put it back, "
    "or restart the service to work with the one that is there"
)
_GONE_ZH = "数据库文件在使用中被移走或替换：请放回原文件，或重启服务以使用现有文件。"


class SameFile:
    """The file that was there when it was first opened, told by its number on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: tuple[int, int] | None = None

    def check(self) -> None:
        """Raises NotReady when the name leads to another file, or to none. Costs two millionths of a second."""
        if self._first is not None and self._identity() != self._first:
            raise NotReady(_GONE, zh=_GONE_ZH)

    def opened(self) -> None:
        """Remember the file with the first connection; refuse one that was opened while the file was exchanged."""
        if self._first is None:
            self._first = self._identity()
        self.check()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
