"""Pages of the craftsmen's core."""
