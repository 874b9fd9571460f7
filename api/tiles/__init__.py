"""Vector tiles and base maps: cut, kept and served."""
