from denggao.systems.university.learning.models.enrolments import Enrolment, UnitProgress
from denggao.systems.university.learning.models.runs import Run, UnitDate
from denggao.systems.university.learning.models.selection import SeatApplication
from denggao.systems.university.learning.models.talking import Announcement, Note, Reply, Thread
from denggao.systems.university.learning.models.work import Attendance, CheckAttempt, PracticalSigning, Submission, SubmissionFile

__all__ = [
    "Announcement",
    "Attendance",
    "CheckAttempt",
    "Enrolment",
    "Note",
    "PracticalSigning",
    "Reply",
    "Run",
    "SeatApplication",
    "Submission",
    "SubmissionFile",
    "Thread",
    "UnitDate",
    "UnitProgress",
]
