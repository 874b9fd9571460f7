"""The rules of an answer, each in its module, and the trace in which they tell that they fired."""
