from denggao.systems.university.models.content import FileRole, Module, Unit, UnitFile, UnitItem
from denggao.systems.university.models.courses import Course, CourseShare, CourseVersion, Language
from denggao.systems.university.models.founding import FoundingApplication, University, UniversityAct
from denggao.systems.university.models.imports import PackageImport
from denggao.systems.university.models.programmes import Programme, ProgrammeCourse, Track
from denggao.systems.university.models.schools import Colour, School, SchoolMember

__all__ = [
    "Colour",
    "Course",
    "CourseShare",
    "CourseVersion",
    "FileRole",
    "FoundingApplication",
    "Language",
    "Module",
    "PackageImport",
    "Programme",
    "ProgrammeCourse",
    "School",
    "SchoolMember",
    "Track",
    "Unit",
    "UnitFile",
    "UnitItem",
    "University",
    "UniversityAct",
]
