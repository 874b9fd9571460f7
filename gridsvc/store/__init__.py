"""The store on SQLite or PostGIS: one set of tables, the same answers; SQL lives here and nowhere else."""

from gridsvc.store.schema import current_schema, downgrade, upgrade
from gridsvc.store.sql_store import SqlStore, open_store

__all__ = ["SqlStore", "current_schema", "downgrade", "open_store", "upgrade"]
