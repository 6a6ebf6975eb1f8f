"""Learning what the university teaches: class runs, enrolments, progress, talking, marking. Stands above the catalogue."""
