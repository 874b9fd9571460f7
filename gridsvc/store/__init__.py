"""The store on SQLite or PostGIS: one set of tables, the same answers; SQL lives here and nowhere else."""

from gridsvc.store.backups import back_up, bring_back, check_backup
from gridsvc.store.schema import current_schema, downgrade, upgrade
from gridsvc.store.sql_store import SqlStore, open_store

__all__ = ["SqlStore", "back_up", "bring_back", "check_backup", "current_schema", "downgrade", "open_store", "upgrade"]
