"""One module per schema revision, oldest first; a published one is never edited."""
