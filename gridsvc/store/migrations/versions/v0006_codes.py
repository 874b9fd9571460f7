"""Codes of messages as JSON arrays, as a code may hold a space; and no REPLACE in the audit log."""

from collections.abc import Callable

import orjson
import sqlalchemy as sa
from alembic import op

from gridsvc.store.audit_guard import guard_audit, unguard_audit

revision = "0006"
down_revision = "0005"

_OUTBOX = sa.table("outbox", *(sa.column(name) for name in ("number", "areas", "departments")))


def upgrade() -> None:
    _rewrite(lambda text: orjson.dumps(text.split()).decode())
    unguard_audit(op.get_bind())
    guard_audit(op.get_bind())


def downgrade() -> None:
    _rewrite(lambda text: " ".join(orjson.loads(text)))


def _rewrite(write: Callable[[str], str]) -> None:
    """All messages that are kept: those of seven days."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_OUTBOX)).all()
    changed = [{"of": row.number, "areas": write(row.areas), "departments": write(row.departments)} for row in rows]
    if changed:
        connection.execute(sa.update(_OUTBOX).where(_OUTBOX.c.number == sa.bindparam("of")), changed)
