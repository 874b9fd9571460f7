"""What a run was begun with: who goes on with it answers from the same edition, roster and instant, or not at all."""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from api.batch.answer import Question
from api.bootstrap import Services
from api.cli.resolving.parts import Parts
from gridsvc import __version__
from gridsvc.errors import Conflict, NotFound
from gridsvc.serving import Snapshot

LAYOUT = 1
"""Of the chunks; another number means that older ones are of no use."""

_WORDS = {
    "layout": "another version of gridsvc",
    "version": "another version of gridsvc",
    "content": "another content of IN",
    "layer": "another --layer",
    "datum": "another --datum",
    "options": "other settings of resolving",
    "at": "another --at",
    "digest": "another edition, or another database",
}


@dataclass(slots=True)
class Asked:
    """What was asked for at the terminal; `at` None: now, or what it was when the run was begun."""

    source: Path
    layer: str | None
    datum: str | None
    at: datetime | None
    stamp: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.stamp = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        stat = self.source.stat()
        return stat.st_size, stat.st_mtime_ns

    def is_changed(self) -> bool:
        """Whether the file was written to since it was named."""
        return self._stamp() != self.stamp

    def facts(self, services: Services) -> dict[str, Any]:
        """All of it that an answer depends on, by content: a file may be moved or copied meanwhile."""
        options = services.options
        return {
            "layout": LAYOUT,
            "version": __version__,
            "content": f"{self.source.stat().st_size} {digest_of(self.source)}",
            "layer": self.layer,
            "datum": self.datum,
            "options": {part.name: str(getattr(options, part.name)) for part in fields(options)},
        }


def begin(parts: Parts, asked: Asked, services: Services, datum: str | None) -> Question:
    """A question for the edition in force, kept with the chunks that will answer it; what was there before goes."""
    at = asked.at or services.settings.now()
    snapshot = services.serving.at(at)
    facts = asked.facts(services) | {
        "at": at.isoformat(),
        "edition": snapshot.edition.number,
        "digest": snapshot.edition.digest,
        "roster": snapshot.duties.revision,
    }
    parts.begin(facts)
    return Question(snapshot, at, datum, services.options)


def take_up(manifest: dict[str, Any], asked: Asked, services: Services, datum: str | None) -> Question:
    """The question that the chunks answer. Raises Conflict where something else is asked now, or the edition or the
    roster of then is not to be had.
    """
    facts = asked.facts(services)
    different = [name for name, value in facts.items() if manifest.get(name) != value]
    begun_at = _instant(manifest.get("at"))
    if begun_at is None or (asked.at is not None and asked.at != begun_at):
        different.append("at")
    snapshot = _find_snapshot(manifest, services)
    if begun_at is None or snapshot is None or snapshot.edition.digest != manifest.get("digest"):
        different.append("digest")
    if different or begun_at is None or snapshot is None:
        raise Conflict(
            f"The interrupted run was begun with {_WORDS[different[0]]}: go on with what it was begun with, "
            "or say --overwrite without --resume to start over."
        )
    return Question(snapshot, begun_at, datum, services.options)


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _find_snapshot(manifest: dict[str, Any], services: Services) -> Snapshot | None:
    edition, roster = manifest.get("edition"), manifest.get("roster")
    try:
        return (
            services.serving.snapshot(edition, roster) if isinstance(edition, int) and isinstance(roster, int) else None
        )
    except NotFound:
        return None


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes, hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
