"""Many points at once: JSON, CSV and Arrow in, the same three out, row by row in order and in bounded memory."""
