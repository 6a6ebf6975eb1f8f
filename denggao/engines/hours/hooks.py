"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

time_folded = Hook("time_folded")
"""Called as ``time_folded(sitting, now=…)`` inside the transaction, after credited time of a sitting was written as entries
(when it ends, and in between); its seconds, parts and position are those in force."""

sitting_ended = Hook("sitting_ended")
"""Called as ``sitting_ended(sitting, now=…)`` inside the transaction, after ``time_folded``. A sitting that went on after its
line was lost may end again."""

hours_corrected = Hook("hours_corrected")
"""Called as ``hours_corrected(person, contexts: set[tuple[str, UUID]], now=…)`` inside the transaction, after entries were
added or taken back by a fix or an upheld finding: whoever keeps sums adds them up again."""
