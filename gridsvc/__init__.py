"""The domain of grid management: where a place lies, who answers for it, and how that is kept."""

__version__ = "0.1.0"
