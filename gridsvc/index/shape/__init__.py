"""Who is concerned by a line or a polygon."""

from gridsvc.index.shape.resolver import resolve_shape
from gridsvc.index.shape.survey import Survey, check_shape, survey_shape

__all__ = ["Survey", "check_shape", "resolve_shape", "survey_shape"]
