"""Parts of the case's page that the engines below draw: the review, the notice, the signatures."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from denggao.engines.agreements import panels as signatures
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.notices import panels as notices
from denggao.engines.reviews import panels as reviews
from denggao.engines.reviews.meetings import panels as meetings
from denggao.foundation.audit.actors import Actor

_DRAWERS: dict[StageKind, Callable[[Actor, str, UUID], Any]] = {
    StageKind.NOTICE: notices.panel_for,
    StageKind.COSIGN: signatures.panel_for,
    StageKind.REVIEW: reviews.panel_for,
    StageKind.MEETING: meetings.panel_for,
}


def panels_of(request: HttpRequest, actor: Actor, case: Case, entered: Collection[StageKind]) -> list[SafeString]:
    """Drawn by each engine for what this actor may see of this case; without those that have nothing to show. Only engines whose
    stage the case ever ``entered`` are asked."""
    given = (drawer(actor, SUBJECT_KIND, case.public_id) for kind, drawer in _DRAWERS.items() if kind in entered)
    return [render_to_string(panel.template, panel.context, request=request) for panel in given if panel is not None]
