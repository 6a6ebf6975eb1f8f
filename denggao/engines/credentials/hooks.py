"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (person_ids, actor=, now=) inside the transaction, after certificates of these persons were registered,
# withdrawn or proven better, or what they say of an occupation or a number was settled. A withdrawal says so by a fourth
# argument, reason="withdrawn".
certificates_changed = Hook("certificates_changed")

# Called as (issued, actor=, now=) inside the transaction, after a plaque or a letter was issued, suspended, restored,
# withdrawn or renewed.
issued_changed = Hook("issued_changed")
