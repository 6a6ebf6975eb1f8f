"""What follows from who judges, in the same transaction."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

counting_changed = Hook("counting_changed")
"""Called as ``counting_changed(panel, actor=…, now=…)`` after submitted scores of a running panel stopped counting (set aside) or
count again (restored): whoever aggregates and ranks does so anew, and keeps what was before."""
