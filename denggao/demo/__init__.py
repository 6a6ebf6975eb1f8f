"""The demo region: people, employers and three years of events that never were, marked as such everywhere."""
