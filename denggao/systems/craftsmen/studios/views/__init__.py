"""Pages of studios: as everybody sees them, as they are kept, and what is done to them."""
