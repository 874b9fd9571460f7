"""Vector tiles of an edition: its layers cut once into PMTiles archives, and archives read while serving."""
