"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (plan, actor=, now=) inside the transaction, after a plan was loaded and differs from what it was: every head
# may count otherwise.
plan_changed = Hook("plan_changed")
