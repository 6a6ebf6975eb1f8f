"""Pages, by audience: everybody, teachers, the office."""
