"""What a table says in words, as arrays: decoded one by one when asked for, kept in a file as they are."""
