"""Parts of the case's page that the engines below draw: the review, the notice, the signatures."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.foundation.audit.actors import Actor

_ENGINES = ("denggao.engines.reviews.panels", "denggao.engines.notices.panels", "denggao.engines.agreements.panels")


def panels_of(request: HttpRequest, actor: Actor, case: Case) -> list[SafeString]:
    """Drawn by each engine for what this actor may see of this case; without those that have nothing to show."""
    drawn = []
    for name in _ENGINES:
        if find_spec(name) is None:
            continue
        given: Any = import_module(name).panel_for(actor, SUBJECT_KIND, case.public_id)
        if given is None:
            continue
        template, context = (given.template, given.context) if hasattr(given, "template") else given
        drawn.append(render_to_string(template, context, request=request))
    return drawn
