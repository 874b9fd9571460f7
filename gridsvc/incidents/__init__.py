"""Incidents: what a valid report is, which number and instant it gets, and the answer that is frozen with it."""
