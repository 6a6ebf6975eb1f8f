"""Interview days: a running order, and what becomes of it."""
