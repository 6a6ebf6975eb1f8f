"""The user model alone; no personal data."""
