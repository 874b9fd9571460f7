"""Datums and projected planes: every conversion of coordinates, and nothing else."""

from gridsvc.datum.convert import from_wgs84, reasons, to_wgs84
from gridsvc.datum.location import locate
from gridsvc.datum.names import parse_datum

__all__ = ["from_wgs84", "locate", "parse_datum", "reasons", "to_wgs84"]
