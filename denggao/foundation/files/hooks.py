"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

upload_arrived = Hook("upload_arrived")
"""Called as ``upload_arrived(upload, actor=…, now=…)`` when all pieces of a large upload are there: ``pieces.finish_upload`` is to
be called for it by a worker. It may be called more than once for one upload."""

upload_finished = Hook("upload_finished")
"""Called as ``upload_finished(upload, actor=…, now=…)`` in the transaction in which an upload becomes a stored file
(``upload.file``), once for each."""
