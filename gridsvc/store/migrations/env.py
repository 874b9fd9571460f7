"""Run by Alembic; the connection, with its open transaction, comes from `gridsvc.store.schema`."""

from alembic import context

from gridsvc.store import account_tables, case_tables, work_tables  # noqa: F401  so that metadata has all tables
from gridsvc.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
