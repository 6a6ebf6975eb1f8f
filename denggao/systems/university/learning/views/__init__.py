"""Pages of learners, teachers and employers."""
