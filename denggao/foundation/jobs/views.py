"""Background work as people see it: how far it is, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.jobs.actions import cancel_job, retry_job
from denggao.foundation.jobs.forms import JobFilter
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.policies import can_cancel_job, can_retry_job, get_job_for, visible_jobs
from denggao.foundation.jobs.queries import row_of
from denggao.foundation.ui.listing import Listing


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request.GET,
        visible_jobs(actor_of(request)),
        sorts={"asked": "created_at", "ended": "ended_at"},
        default="-asked",
        filters=JobFilter,
    )
    return render(request, "jobs/list.html", {"listing": listing, "rows": [row_of(job) for job in listing.rows]})


@never_cache
@require_safe
def job(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The page; for htmx its progress alone, which asks again every two seconds until the job has ended."""
    actor = actor_of(request)
    found = get_job_for(actor, public_id)
    row = row_of(found)
    if getattr(request, "htmx", None):
        response = render(request, "jobs/progress.html", {"row": row})
        if not row.is_open:
            # What depends on the outcome stands elsewhere on the page: let it be drawn anew.
            response["HX-Refresh"] = "true"
        return response
    context = {
        "row": row,
        "can_cancel": found.state == Job.State.QUEUED and can_cancel_job(actor, found),
        "can_retry": found.state == Job.State.FAILED and can_retry_job(actor, found),
    }
    return render(request, "jobs/job.html", context)


@never_cache
@require_safe
def job_as_json(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    return JsonResponse(row_of(get_job_for(actor_of(request), public_id)).as_json())


@require_POST
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return _change(request, public_id, cancel_job, _("The work was cancelled; nothing was changed."))


@require_POST
def retry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return _change(request, public_id, retry_job, _("The work waits in the queue again."))


def _change(request: HttpRequest, public_id: uuid.UUID, change: Callable[..., Job], said: str) -> HttpResponse:
    actor = actor_of(request)
    found = get_job_for(actor, public_id)
    try:
        change(found, actor=actor, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("jobs:job", found.public_id)
