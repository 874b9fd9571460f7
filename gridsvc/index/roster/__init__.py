"""A roster compiled for questions: who holds which post, which department acts, whose duty, whose ground."""
