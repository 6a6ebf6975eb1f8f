"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

# Called as (conversion, now=) inside the transaction that ends a conversion, however it ended. Its outputs are
# ``conversion.outputs``; its source ``conversion.source``.
media_ready = Hook("media_ready")
