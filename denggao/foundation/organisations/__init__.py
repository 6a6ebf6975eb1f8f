"""Bodies, memberships, roles, employments."""
