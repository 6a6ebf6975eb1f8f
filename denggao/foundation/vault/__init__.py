"""Keys that lie outside the database, encrypted fields and blind indexes."""
