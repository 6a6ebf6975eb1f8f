"""A job as its pages show it, in the reader's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.registry import KINDS

_TONES = {"queued": "amber", "running": "lake", "done": "jade", "failed": "crimson", "cancelled": "withdrawn"}


@dataclass(frozen=True)
class JobRow:
    job: Job
    title: str
    state: str
    tone: str
    doing: str

    @property
    def is_open(self) -> bool:
        return self.job.is_open

    @property
    def percent(self) -> int | None:
        """0 to 100, never 100 before the end; None while the whole is not known."""
        if not self.job.total:
            return None
        whole = 100 * self.job.done // self.job.total
        return min(whole, 99) if self.job.is_open else whole

    def as_json(self) -> dict[str, Any]:
        job = self.job
        return {
            "id": str(job.public_id),
            "code": job.code,
            "title": self.title,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "text": self.doing,
            "error": job.error,
            "result": job.result,
            "link": job.link,
            "created_at": _iso(job.created_at),
            "ended_at": _iso(job.ended_at),
        }


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def state_label(state: str) -> str:
    return {
        "queued": _("Waiting"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Not done"),
        "cancelled": _("Cancelled"),
    }[state]


def row_of(job: Job) -> JobRow:
    kind = KINDS.get(job.code)
    title = str(kind.title) if kind else job.code
    return JobRow(job, title, state_label(job.state), _TONES[job.state], _(job.text) if job.text else "")
