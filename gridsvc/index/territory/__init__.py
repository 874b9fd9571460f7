"""What a compiled edition answers about places: cells, areas, segments, components, and what is around."""
