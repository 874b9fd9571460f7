"""The doors: HTTP and terminal, settings and wiring."""
