"""Industries, occupations, levels, and dated rule values."""
