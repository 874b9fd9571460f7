"""Points of GeoJSON, GeoPackage and GeoParquet, read and written piece by piece: no file is in memory as a whole.

An import takes a layer as a whole; a batch of points to be resolved may have ten million rows.
"""
