"""A plan: goals, targets, industries, parts, participants."""
