from denggao.systems.craftsmen.studios.models.alliances import Alliance, AllianceMembership
from denggao.systems.craftsmen.studios.models.applications import ApplicationMember, StudioApplication
from denggao.systems.craftsmen.studios.models.doing import Project, Result, Visit, VisitPhoto
from denggao.systems.craftsmen.studios.models.evaluations import Evaluation
from denggao.systems.craftsmen.studios.models.studios import Studio, StudioAct, StudioMember, StudioOrder, StudioQuerySet

__all__ = [
    "Alliance",
    "AllianceMembership",
    "ApplicationMember",
    "Evaluation",
    "Project",
    "Result",
    "Studio",
    "StudioAct",
    "StudioApplication",
    "StudioMember",
    "StudioOrder",
    "StudioQuerySet",
    "Visit",
    "VisitPhoto",
]
