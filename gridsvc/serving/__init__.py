"""What a worker answers from, in memory: the edition in force with its duties, and older ones on demand."""

from gridsvc.serving.files import EditionFiles
from gridsvc.serving.service import Serving, Snapshot

__all__ = ["EditionFiles", "Serving", "Snapshot"]
