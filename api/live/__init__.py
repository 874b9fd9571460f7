"""What happened, told to listeners as it is committed: server-sent events out of the outbox."""
