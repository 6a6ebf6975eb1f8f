"""What the rooms around the core plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (craftsman, actor=, now=) inside the transaction in which a craftsman was named or reinstated.
craftsman_named = Hook("craftsman_named")

# Called as (craftsman, reason=, on=, actor=, now=) inside the transaction in which a craftsman's title was revoked: appointments,
# studios, benefits and pages end with it.
craftsman_revoked = Hook("craftsman_revoked")
