"""An act on a case is a page with a form that says what follows, and leads back to the case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from denggao.engines.cases.models import Case
from denggao.foundation.audit.actions import NotAllowed, Refused


@dataclass(frozen=True)
class ActPage:
    """How the page reads: heading, what follows from it, the word on its button, and what is said when it is done."""

    heading: str
    follows: str
    go: str
    done: str
    tone: str = "primary"
    applicant: bool = False


def serve(
    request: HttpRequest, case: Case, form: forms.Form, act: ActPage, do: Callable[[], object], **context: Any
) -> HttpResponse:
    """Show the form; when it comes back whole, do it. A refusal stands above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except NotAllowed:
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.done)
            return redirect("cases:case", case.public_id)
    page = {"case": case, "form": form, "act": act, "applicant": act.applicant, **context}
    return render(request, "cases/act.html", page, status=422 if form.errors else 200)
