"""Who is concerned by a line or a polygon."""

from gridsvc.index.shape.resolver import check_shape, resolve_shape

__all__ = ["check_shape", "resolve_shape"]
