"""Every write on classes, enrolments, progress, talk and marks."""
