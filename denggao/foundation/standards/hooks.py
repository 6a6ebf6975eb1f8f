"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (actor=, now=) inside the transaction, after a name was mapped, a job title or a move added or taken back:
# whoever keeps a name as written resolves it again.
occupations_changed = Hook("occupations_changed")
