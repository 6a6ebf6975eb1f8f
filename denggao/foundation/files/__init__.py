"""Stored files: type and size checks, private access, encryption at rest."""
