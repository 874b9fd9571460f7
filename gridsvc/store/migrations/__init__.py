"""Alembic's scripts; each runs in one transaction, on SQLite and on PostgreSQL alike."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Their names, oldest first, for who only asks whether a database is current: Alembic takes half a second to load."""
