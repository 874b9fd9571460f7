"""What the search box asks: names kept in memory, and who may see which."""
