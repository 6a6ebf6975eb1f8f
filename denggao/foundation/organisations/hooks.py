"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (person_ids, actor=, now=) inside the transaction, after any write that may bear on what is known of these
# persons: employments, who takes part in a plan, a person made, a name ruled on.
heads_changed = Hook("heads_changed")
