"""What anyone can do about bodies, their staff, and what was found about it."""
