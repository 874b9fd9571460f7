"""Many points at one instant: the same answers as `gridsvc.index.resolve`, in columns."""

from gridsvc.index.batch.candidates import weigh_winners
from gridsvc.index.batch.dictionaries import Dictionary
from gridsvc.index.batch.matters import Categories
from gridsvc.index.batch.resolver import BatchResolver, BatchResult, resolve_many

__all__ = ["BatchResolver", "BatchResult", "Categories", "Dictionary", "resolve_many", "weigh_winners"]
