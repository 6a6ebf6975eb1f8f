"""Public notice, objections and rulings."""
