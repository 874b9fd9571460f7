"""Long comparisons of every geometric answer with independent ones, and of a server with its limits.

A small sample of each runs in `make test`.
"""
