"""The spatial index: an R*Tree kept by triggers on SQLite, GiST on PostGIS. Both find candidates, exact boxes decide.

The R*Tree keeps single-precision boxes, rounded outward, and PostGIS does the same: neither loses a hit.
"""

from sqlalchemy import Column, ColumnElement, Connection, Double, Integer, MetaData, Table, and_, func, select, text

from gridsvc.model.places import BoundingBox
from gridsvc.store.column_types import SRID
from gridsvc.store.tables import feature

_CREATE = "CREATE VIRTUAL TABLE feature_rtree USING rtree(id, west, east, south, north)"
_FILL = (
    "INSERT INTO feature_rtree (id, west, east, south, north) "
    "SELECT id, west, east, south, north FROM feature WHERE west IS NOT NULL"
)
_TRIGGERS = {
    "feature_rtree_insert": "AFTER INSERT ON feature WHEN new.west IS NOT NULL BEGIN "
    "INSERT INTO feature_rtree (id, west, east, south, north) "
    "VALUES (new.id, new.west, new.east, new.south, new.north); END",
    "feature_rtree_update": "AFTER UPDATE OF id, west, south, east, north ON feature BEGIN "
    "DELETE FROM feature_rtree WHERE id = old.id; "
    "INSERT INTO feature_rtree (id, west, east, south, north) "
    "SELECT new.id, new.west, new.east, new.south, new.north WHERE new.west IS NOT NULL; END",
    "feature_rtree_delete": "AFTER DELETE ON feature BEGIN DELETE FROM feature_rtree WHERE id = old.id; END",
}

# Made by hand below, because no database but SQLite knows virtual tables: hence apart from the tables' metadata.
feature_rtree = Table(
    "feature_rtree",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(side, Double) for side in ("west", "east", "south", "north")),
)


def drop_box_index(connection: Connection) -> None:
    """Remove R*Tree and triggers; nothing to do on PostgreSQL, where the index goes with its table."""
    if connection.dialect.name != "sqlite":
        return
    for name in _TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    connection.execute(text("DROP TABLE IF EXISTS feature_rtree"))


def rebuild_box_index(connection: Connection) -> None:
    """Make and fill the R*Tree anew; a migration that rebuilds `feature` must call it: triggers go with their table."""
    if connection.dialect.name != "sqlite":
        return
    drop_box_index(connection)
    connection.execute(text(_CREATE))
    connection.execute(text(_FILL))
    for name, body in _TRIGGERS.items():
        connection.execute(text(f"CREATE TRIGGER {name} {body}"))


def meets_box(box: BoundingBox, *, sqlite: bool) -> ColumnElement[bool]:
    """Features whose bounding box meets a box, touching included; found through the index, decided on exact doubles."""
    exact = and_(
        feature.c.west <= box.east,
        feature.c.east >= box.west,
        feature.c.south <= box.north,
        feature.c.north >= box.south,
    )
    if sqlite:
        candidates = select(feature_rtree.c.id).where(
            feature_rtree.c.west <= box.east,
            feature_rtree.c.east >= box.west,
            feature_rtree.c.south <= box.north,
            feature_rtree.c.north >= box.south,
        )
        return and_(feature.c.id.in_(candidates), exact)
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, SRID)
    return and_(feature.c.geometry.bool_op("&&")(envelope), exact)
