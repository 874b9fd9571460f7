"""What a running service tells its keepers: logs and metrics."""
