"""Features into a draft, in chunks; the draft's row, last, makes them visible all at once."""

from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from operator import itemgetter, length_hint
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from gridsvc.errors import InvalidInput
from gridsvc.model.edition import Draft
from gridsvc.model.places import Key
from gridsvc.model.territory import Feature, Layer
from gridsvc.ports import Progress
from gridsvc.store.bulk import insert_many
from gridsvc.store.database import Database
from gridsvc.store.revisions import Revision
from gridsvc.store.rows import FeatureRow, encode_features
from gridsvc.store.sweeping import keep_sweepers_out
from gridsvc.store.tables import draft_change, feature

_Item = FeatureRow | Key
_Version = tuple[str, str, bytes]
_MANY = 1000
"""Below it an import is an edit, and changes no statistics worth reading."""

_scheme = itemgetter("scheme")


class Imports:
    """The long write of `DraftStore`."""

    _database: Database

    def put_features(
        self, number: int, layer: Layer, features: Iterable[Feature], remove: Sequence[Key], progress: Progress
    ) -> Draft:
        """Features are taken as they come, a thousand at a time, and need not fit in memory.

        Two imports into one draft at the same time: the one that began last wins, the other gets Conflict.
        """
        total = length_hint(features) + len(remove)
        revision = Revision(number)
        revision.clear_leftovers(self._database)
        done = 0
        items: Iterable[_Item] = chain[_Item](encode_features(layer, features), remove)
        chunks = self._database.chunks(items)
        for chunk, is_last in chunks:
            with chunks.write() as connection:
                keep_sweepers_out(connection)
                source = revision.hold(connection)
                _write_changes(connection, source, layer, chunk)
                if is_last:
                    source = revision.accept(connection)
            done += len(chunk)
            progress(done, max(done, total))
        if done >= _MANY:
            self._database.gather_statistics()
        return source


def _write_changes(connection: Connection, source: Draft, layer: Layer, chunk: Sequence[_Item]) -> None:
    # Sorted, so that two imports of the same features on PostgreSQL never wait for each other crosswise.
    rows = sorted((item for item in chunk if isinstance(item, dict)), key=_version)
    ids = _write_versions(connection, layer, rows)
    shared = {"draft": source.number, "layer": layer.value, "revision": source.revision + 1}
    changes: list[dict[str, Any]] = [
        {"scheme": row["scheme"], "code": row["code"], "feature_id": ids[_version(row)], **shared} for row in rows
    ]
    changes += [
        {"scheme": item.scheme, "code": item.code, "feature_id": None, **shared}
        for item in chunk
        if isinstance(item, Key)
    ]
    try:
        insert_many(connection, draft_change, changes)
    except IntegrityError:
        raise InvalidInput("a feature is named twice, or both laid over and removed; name each key once") from None


def _write_versions(connection: Connection, layer: Layer, rows: Sequence[FeatureRow]) -> dict[_Version, int]:
    """Ids of versions; what was there before, in any edition or draft, is not written again."""
    insert_many(connection, feature, rows, skip_known=True)
    ids: dict[_Version, int] = {}
    for scheme, group in groupby(rows, key=_scheme):
        known = select(feature.c.code, feature.c.content_hash, feature.c.id).where(
            feature.c.layer == layer.value,
            feature.c.scheme == scheme,
            feature.c.code.in_([row["code"] for row in group]),
        )
        ids |= {(scheme, code, content): number for code, content, number in connection.execute(known)}
    return ids


def _version(row: FeatureRow) -> _Version:
    return row["scheme"], row["code"], row["content_hash"]
