"""Accounts: what a role may do, how far that reaches, and how passwords and tokens are kept."""
