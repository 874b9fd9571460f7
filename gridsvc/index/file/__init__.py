"""A compiled edition as one immutable Arrow file, mapped into memory by all who answer from it."""

from gridsvc.index.file.read import open_edition
from gridsvc.index.file.write import write_edition

__all__ = ["open_edition", "write_edition"]
