"""A job's states. ``queued → running → done | failed``; a failed attempt, a stopped worker or a lease that ran out
leads from ``running`` back to ``queued``; only a queued job can be cancelled."""

from __future__ import annotations

OPEN = ("queued", "running")
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "queued": ("running", "cancelled"),
    "running": ("done", "failed", "queued"),
    "done": (),
    "failed": ("queued",),
    "cancelled": (),
}
