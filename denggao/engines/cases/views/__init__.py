"""Pages of the cases: the applicant's, the office's, and the public calls."""
