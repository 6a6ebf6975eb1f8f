from denggao.systems.bases.models.applications import (
    ApplicationCoverage,
    ApplicationEquipment,
    ApplicationPaper,
    ApplicationTeacher,
    BaseApplication,
    PlannedTraining,
)
from denggao.systems.bases.models.appraisals import Appraisal, AppraisalCycle, AppraisalStep, AppraisalValue
from denggao.systems.bases.models.bases import Base, BaseAct, Coverage, Equipment
from denggao.systems.bases.models.teachers import Qualification, Teacher, TeacherInvitation, TeacherKind

__all__ = [
    "ApplicationCoverage",
    "ApplicationEquipment",
    "ApplicationPaper",
    "ApplicationTeacher",
    "Appraisal",
    "AppraisalCycle",
    "AppraisalStep",
    "AppraisalValue",
    "Base",
    "BaseAct",
    "BaseApplication",
    "Coverage",
    "Equipment",
    "PlannedTraining",
    "Qualification",
    "Teacher",
    "TeacherInvitation",
    "TeacherKind",
]
