"""The sheets this room takes: employers, and the roster of one employer."""
