"""What follows from who judges, in the same transaction."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

counting_changed = Hook("counting_changed")
"""Called as ``counting_changed(panel, actor=…, now=…)`` after submitted scores of a running panel stopped counting (set aside) or
count again (restored): whoever aggregates and ranks does so anew, and keeps what was before."""

result_changed = Hook("result_changed")
"""Called as ``result_changed(panel, actor=…, now=…)`` after the result of a closed panel changed because scores were set aside:
rankings made from it are made again, and the room above may look at its subject again."""
