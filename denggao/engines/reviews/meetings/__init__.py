"""Meetings of a jury: who is present, who is recused, how was voted, what was minuted."""
