from denggao.systems.university.founding.actions.ending import confirm_end, dismiss_end, propose_end, recount_schools
from denggao.systems.university.founding.actions.founding import NotFounded, found_university, keep_founding, must_be_ready

__all__ = [
    "NotFounded",
    "confirm_end",
    "dismiss_end",
    "found_university",
    "keep_founding",
    "must_be_ready",
    "propose_end",
    "recount_schools",
]
