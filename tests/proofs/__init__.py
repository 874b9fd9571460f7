"""Long comparisons of every geometric answer with independent ones; a small sample of each runs in `make test`."""
