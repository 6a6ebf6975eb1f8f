"""What counts towards a goal, and why."""
