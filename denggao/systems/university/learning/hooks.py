"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

course_finished = Hook("course_finished")
"""Called as ``course_finished(enrolment, now=…)`` inside the transaction in which the last required unit was done."""
