from __future__ import annotations

from denggao.foundation.audit.actions import Refused


class CourseRefused(Refused):
    """The course can't be kept, published, lent or carried so."""


class EditedElsewhere(Refused):
    """Somebody else, or another window, saved this in between; nothing was overwritten."""
