"""Pure decisions of reviews: no database, no clock."""
