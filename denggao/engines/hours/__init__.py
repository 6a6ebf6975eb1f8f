"""Learning time from events, never from claims."""
