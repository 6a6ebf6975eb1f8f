"""Candidates' files made in the background. May run twice: what is made already is not made again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from denggao.foundation.audit.actions import Refused
from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.craftsmen.lane.actions import PREPARE_JOB, make_file
from denggao.systems.craftsmen.lane.packing import register_paper
from denggao.systems.craftsmen.lane.policies import visible_candidacies

register_paper()


@job(PREPARE_JOB, title=_("Making the files of candidates"), queue="heavy", attempts=3)
def prepare(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The result: how many were made and were up to date already, and who was not with the sentence why."""
    asked = visible_candidacies(progress.actor).filter(public_id__in=arguments["candidacies"]).order_by("pk")
    listed = list(asked)
    done: dict[str, Any] = {"made": 0, "unchanged": 0, "failed": []}
    for place, candidacy in enumerate(listed):
        progress(place, len(listed), gettext_noop("Document, PDF and package"))
        try:
            _file, new = make_file(candidacy, whole_reason=arguments["whole"], actor=progress.actor, now=progress.now())
        except Refused as refused:
            done["failed"].append({"candidacy": str(candidacy.public_id), "why": str(refused)})
        else:
            done["made" if new else "unchanged"] += 1
    progress(len(listed), len(listed))
    return done
