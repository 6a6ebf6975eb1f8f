"""One application's way through its procedure."""
