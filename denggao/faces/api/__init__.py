"""REST with OpenAPI."""
