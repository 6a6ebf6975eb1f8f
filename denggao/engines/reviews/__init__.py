"""Experts, conflicts of interest, panels, rubrics, sealed scores, site visits, ranking."""
