"""Triggers that keep the audit log append-only, whoever writes to it, on both databases."""

from sqlalchemy import Connection, text

_REFUSAL = "the audit log is only added to"


def guard_audit(connection: Connection) -> None:
    """Refuse changing and deleting; a migration that rebuilds `audit` must call it again: triggers go with it."""
    if connection.dialect.name == "sqlite":
        # INSERT OR REPLACE deletes the row that is in its way without telling triggers of deletions.
        refusal = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        taken = "BEFORE INSERT ON audit WHEN NEW.id IN (SELECT id FROM audit)"
        connection.execute(text(f"CREATE TRIGGER audit_no_replace {taken} {refusal}"))
        for verb in ("UPDATE", "DELETE"):
            connection.execute(text(f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit {refusal}"))
        return
    connection.execute(
        text(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
    )
    connection.execute(
        text(
            "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
    )


def unguard_audit(connection: Connection) -> None:
    """Remove the triggers before the table itself goes."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{verb}"))
        return
    connection.execute(text("DROP TRIGGER audit_guard ON audit"))
    connection.execute(text("DROP FUNCTION refuse_audit_change()"))
