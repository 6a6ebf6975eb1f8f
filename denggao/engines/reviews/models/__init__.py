"""Experts and panels (``experts``, ``panels``); what they judge by and how they judged (``rubrics``, ``scores``, ``visits``,
``rankings``)."""

from denggao.engines.reviews.models.experts import Expert, KinDeclaration
from denggao.engines.reviews.models.panels import Assignment, Conflict, Panel
from denggao.engines.reviews.models.rankings import Ranking
from denggao.engines.reviews.models.rubrics import Criterion, Rubric, RubricVersion
from denggao.engines.reviews.models.scores import Score, ScoreChange, ScoreEntry, Tally
from denggao.engines.reviews.models.visits import SiteVisit, VisitPhoto

__all__ = [
    "Assignment",
    "Conflict",
    "Criterion",
    "Expert",
    "KinDeclaration",
    "Panel",
    "Ranking",
    "Rubric",
    "RubricVersion",
    "Score",
    "ScoreChange",
    "ScoreEntry",
    "SiteVisit",
    "Tally",
    "VisitPhoto",
]
