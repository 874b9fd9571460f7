"""Who may do what: the right of a request, what it may see, signing in."""
