"""Excel and CSV in and out, as people have it."""
