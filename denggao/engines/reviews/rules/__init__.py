"""Pure decisions of the reviews: no database, no clock of their own."""
