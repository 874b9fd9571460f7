"""Single rows as clerks change them: which version they saw, and the key of a new one."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from api.http.errors import RequestProblem
from api.http.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED
from api.roster.base import Base
from geodata.issues import word_of
from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.roster import RosterChange, Row, row_key
from gridsvc.ports import Store
from gridsvc.roster.keys import propose_keys

_PART = re.compile(r'"(r[0-9]+)-[0-9a-f]{16}"')
Check = Callable[[str], None]
"""Given the ETag of a row as it is, raises the problem for a change by somebody who saw another one."""


def row_tag(revision: int) -> str:
    """The ETag of a row: the revision of its last change."""
    return f'"r{revision}"'


def part_tag(revision: int, shown: bytes) -> str:
    """The ETag of a row that is not shown whole: another one for whom it is shown otherwise, so that If-None-Match
    tells nobody what others see. For a change it counts as that of the row (`version_seen`).
    """
    return f'"r{revision}-{hashlib.sha256(shown).hexdigest()[:16]}"'


def version_seen(given: str) -> str:
    """If-Match as sent, each ETag of a row as that of the whole one."""
    return _PART.sub(r'"\1"', given)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a base, with the log of the store behind them."""

    base: Base
    store: Store

    def find(self, table: str, key: str) -> Row | None:
        """A row as it is."""
        return self.base.roster.tables.get(table, {}).get(key)

    def tag(self, table: str, key: str) -> str:
        """The ETag of a row that is there."""
        return row_tag(self.store.find_row_revision(table, key, self.base.roster.revision) or 0)

    def was_there(self, table: str, key: str) -> bool:
        """Whether a row that is not there was taken back: who saw it must not bring it back unknowingly."""
        return bool(key) and self.store.find_row_revision(table, key, self.base.roster.revision) is not None

    def replace(self, table: str, key: str, row: Row | None, check: Check) -> RosterChange:
        """Another content for a row, or None to take it back. Raises NotFound, and what the check raises."""
        if self.find(table, key) is None:
            msg = f"{table} has no {key!r} at revision {self.base.roster.revision}."
            raise NotFound(msg, zh=f"{word_of(table)}中没有 {key}。", table=table, key=key)
        check(self.tag(table, key))
        return RosterChange(table, key, row)

    def add(self, table: str, row: Row, others: frozenset[str] = frozenset()) -> RosterChange:
        """A new row, under the key that it has or one that is made; `others` are keys that are about to be taken.

        Conflict where the key is in use. A made key was never in use: old answers may name its former bearer.
        """
        key = row_key(row)
        if key:
            if self.find(table, key) is not None or key in others:
                msg = f"{table} has {key!r} already: change that row, or give another code."
                raise Conflict(msg, zh=f"{word_of(table)}中已有 {key}：请更改该行，或换用其他代码。", key=key)
            return RosterChange(table, key, row)
        taken = self.base.roster.tables.get(table, {}).keys() | others
        names = propose_keys(table, row, taken, self.base.zone)
        made = next(name for name in names if self.store.find_row_revision(table, name) is None)
        named: Any = replace(row, code=made)
        return RosterChange(table, made, named)


def check_tag(given: str | None) -> Check:
    """For an ETag that was sent with one of several changes, beside the row itself."""

    def check(tag: str) -> None:
        if given is None:
            raise RequestProblem(PRECONDITION_REQUIRED, f"Send the row's etag as you saw it, such as {tag}.")
        if version_seen(given) != tag:
            raise RequestProblem(PRECONDITION_FAILED, "It has changed since you read it.", current_etag=tag)

    return check


def parse_seen(given: str) -> int:
    """The roster revision that somebody looked at, by their If-Match. Raises InvalidInput."""
    text = given.strip().strip('"')
    if not (text.startswith("r") and text[1:].isascii() and text[1:].isdecimal() and len(text) < 12):
        raise InvalidInput('If-Match: write "r" and the roster revision that you saw, such as "r17".')
    return int(text[1:])


def check_seen(given: str) -> Check:
    """For the roster revision that somebody looked at: no row may have changed after it. Raises InvalidInput."""
    seen = parse_seen(given)

    def check(tag: str) -> None:
        if int(tag.strip('"')[1:]) > seen:
            raise RequestProblem(PRECONDITION_FAILED, "A row has changed since you read the roster.", current_etag=tag)

    return check
