"""Where a class has few seats: applications to it, looked at and chosen from by its school, each a case."""
