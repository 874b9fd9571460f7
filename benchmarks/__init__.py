"""Measurements: ratios within one run, written as tables and charts to benchmarks/results. `make bench` runs them."""
