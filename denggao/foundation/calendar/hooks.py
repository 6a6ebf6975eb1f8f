"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (years, actor=, now=) inside the transaction, after the arrangement of these years was entered or changed. The
# last days of the year before may have changed with it.
calendar_changed = Hook("calendar_changed")
