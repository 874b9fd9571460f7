"""Which polygon covers a place, looked up: a raster of squares, each cut along the borders that cross it."""
