"""What every route shares: bodies, headers, problems, preconditions, idempotency, turns."""
