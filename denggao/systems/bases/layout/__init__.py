"""Where the bases stand, and what they cover between them: map, matrix, gaps, overlaps, distances."""
