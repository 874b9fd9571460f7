"""The roster at the doors: reading, checking and writing its tables."""
