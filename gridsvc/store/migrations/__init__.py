"""Alembic's scripts; each runs in one transaction, on SQLite and on PostgreSQL alike."""
