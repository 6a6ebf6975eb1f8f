"""What follows from who judges, in the same transaction."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

scores_set_aside = Hook("scores_set_aside")
"""Called as ``scores_set_aside(panel, actor=…, now=…)`` after submitted scores of a running panel stopped counting."""
