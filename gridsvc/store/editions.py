"""Published territory: read only, so that any number of threads sees the same."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from gridsvc.model.edition import Edition, StoreState
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Feature, Layer, Territory
from gridsvc.store.column_types import as_utc
from gridsvc.store.database import Database
from gridsvc.store.pages import iter_edition, load_layers
from gridsvc.store.rows import decode_edition, decode_features
from gridsvc.store.selects import features_in_box, get_edition
from gridsvc.store.tables import edition, feature, roster_revision


class Editions:
    """The part of the store that answers `EditionStore`."""

    _database: Database

    def state(self) -> StoreState:
        """Two look-ups at the end of two primary keys."""
        newest = select(
            select(func.coalesce(func.max(edition.c.number), 0)).scalar_subquery(),
            select(func.coalesce(func.max(roster_revision.c.revision), 0)).scalar_subquery(),
        )
        with self._database.read() as connection:
            number, revision = connection.execute(newest).one()
        return StoreState(number, revision)

    def list_editions(self) -> list[Edition]:
        """All editions, oldest first."""
        with self._database.read() as connection:
            return [decode_edition(row) for row in connection.execute(select(edition).order_by(edition.c.number))]

    def find_edition_in_force(self, at: datetime) -> Edition | None:
        """Among those that begin at the same instant the highest number counts."""
        begun = (
            select(edition)
            .where(edition.c.effective_from <= as_utc(at))
            .order_by(edition.c.effective_from.desc(), edition.c.number.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(begun).one_or_none()
        return None if row is None else decode_edition(row)

    def get_edition(self, number: int) -> Edition:
        """One edition, else NotFound."""
        with self._database.read() as connection:
            return get_edition(connection, number)

    def load_territory(self, number: int) -> Territory:
        """All layers of an edition, equal to the bit to what was published."""
        crs = self.get_edition(number).crs
        return load_layers(crs, {layer: iter_edition(self._database, number, layer) for layer in Layer})

    def iter_features(self, number: int, layer: Layer) -> Iterator[Feature]:
        """One layer in pages; an unknown edition is refused at once, not at the first feature."""
        self.get_edition(number)
        return iter_edition(self._database, number, layer)

    def list_features_in_box(self, number: int, layer: Layer, box: BoundingBox, limit: int) -> list[Feature]:
        """Found through R*Tree or GiST, decided on exact boxes; touching counts."""
        hits = (
            features_in_box(number, layer, box, sqlite=self._database.is_sqlite)
            .order_by(feature.c.scheme, feature.c.code)
            .limit(limit)
        )
        with self._database.read() as connection:
            get_edition(connection, number)
            return decode_features(layer, connection.execute(hits).all())

    def count_features_in_box(self, number: int, layer: Layer, box: BoundingBox, most: int) -> int:
        """In no order: sorting would take all of them."""
        hits = features_in_box(number, layer, box, sqlite=self._database.is_sqlite)
        counted = select(func.count()).select_from(hits.with_only_columns(feature.c.id).limit(most).subquery())
        with self._database.read() as connection:
            return connection.scalar(counted) or 0
