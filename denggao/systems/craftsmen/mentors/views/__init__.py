"""Pages on special mentors."""
