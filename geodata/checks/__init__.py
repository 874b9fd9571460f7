"""Checks of a territory before it is published, by subject; `territory.py` holds the list of them."""

from geodata.checks.territory import check_overlaps_among, check_territory

__all__ = ["check_overlaps_among", "check_territory"]
