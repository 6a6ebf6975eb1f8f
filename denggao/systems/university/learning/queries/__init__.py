"""Reads that span tables: courses as learners see them, classes as teachers do, teams as HR does."""
