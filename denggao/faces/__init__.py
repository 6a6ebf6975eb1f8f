"""What belongs to no one system. No business rule lives here."""
