"""Experts and panels (``experts``, ``panels``); what they judge by and how they judged (``rubrics``, …)."""

from denggao.engines.reviews.models.experts import Expert, KinDeclaration
from denggao.engines.reviews.models.panels import Assignment, Conflict, Panel
from denggao.engines.reviews.models.rubrics import Criterion, Rubric, RubricVersion

__all__ = [
    "Assignment",
    "Conflict",
    "Criterion",
    "Expert",
    "KinDeclaration",
    "Panel",
    "Rubric",
    "RubricVersion",
]
