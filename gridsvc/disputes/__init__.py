"""Disputes: an answer that somebody says is wrong, decided on site, and remembered as a determination."""
