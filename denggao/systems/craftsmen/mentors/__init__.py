"""Craftsmen as special mentors of bases: appointment by letter, duties, what was done, and their learners (1+N)."""
