"""Shapes and flat arrays by themselves: exact predicates, distances, masses; knows no edition."""
