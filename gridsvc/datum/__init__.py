"""Datums and projected planes: every conversion of coordinates, and nothing else."""
