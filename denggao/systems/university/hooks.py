from __future__ import annotations

from denggao.foundation.audit.hooks import Hook

version_published = Hook("version_published")
"""Called as ``version_published(version, before, now=…)`` when a course has a new current version; ``before`` is the one it had,
or None."""

file_added = Hook("file_added")
"""Called as ``file_added(unit_file, actor=…, now=…)`` when an author put a file into a unit: it may have to be converted."""

school_changed = Hook("school_changed")
"""Called as ``school_changed(school, actor=…, now=…)`` when a school closed or opened again, inside that act."""
