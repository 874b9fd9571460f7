"""Cells of a CSV that a spreadsheet would take for a formula: an apostrophe before them makes them text."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the full-width ones, which East Asian editions of spreadsheets read alike."""


def guard(text: str) -> str:
    """The cell as it is safe to open; phone numbers with a plus sign are met too."""
    return f"'{text}" if text.lstrip("'").startswith(_STARTS) else text


def unguard(text: str) -> str:
    """The cell as it was before `guard`; one apostrophe is taken off, and only before a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_STARTS) else text
