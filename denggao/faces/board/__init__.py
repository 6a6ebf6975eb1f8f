"""Public board, drill-down, heads and their evidence."""
