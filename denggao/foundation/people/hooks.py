"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

people_changed = Hook("people_changed")
"""Called as ``people_changed(person_ids: set[int], actor=…, now=…)`` inside the transaction, after persons were created
or a ruling let a name stand for a number."""
