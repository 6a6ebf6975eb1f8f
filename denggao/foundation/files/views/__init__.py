"""The addresses of stored files, and of those on their way in."""
