"""Changing the roster: whose row it is, what a new one is called, and what follows when a holder changes."""
