"""What a worker answers from, in memory: the edition in force with its duties, and older ones on demand."""

from gridsvc.serving.service import Serving, Snapshot

__all__ = ["Serving", "Snapshot"]
