"""The resolver: pure functions from a compiled edition, the duties and a location to the answer."""
