"""Long work beside serving: a request puts it into the queue, a process of its own does it."""
