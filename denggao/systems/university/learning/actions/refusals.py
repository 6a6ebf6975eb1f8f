from __future__ import annotations

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused
from denggao.systems.university.learning.rules.entry import Hindrance


class LearningRefused(Refused):
    """It can't be done so; the sentence says why, and what to do."""


def words_for(hindrance: Hindrance) -> str:
    """Why the way into a class is shut, and what helps."""
    return {
        Hindrance.NOT_OPEN: _("This class is not open yet. Come back when the school has opened it."),
        Hindrance.NOT_YET: _("This class has not begun."),
        Hindrance.OVER: _("This class has ended. Choose a later class of the course."),
        Hindrance.BY_OTHERS: _("This class is not open to everybody: the employer, an invitation or a selection leads into it."),
        Hindrance.ALREADY: _("You are in this class already."),
        Hindrance.PREREQUISITES: _("Finish the courses this one builds on first."),
        Hindrance.REMOVED: _("The school took you out of this class. Ask the school."),
    }[hindrance]
