"""One act, one page: a form that says what follows, does it by one action, and leads back. A refusal becomes the form's error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from denggao.foundation.audit.actions import Refused


@dataclass(frozen=True)
class Act:
    """How an act's page reads: heading, what follows from it, the word on its button, and what is said when it is done.
    ``back`` is the address it leads to. ``tone`` is the button's."""

    heading: str
    follows: str
    go: str
    done: str
    back: str
    tone: str = "primary"
    uploads: bool = False


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: what was posted, or nothing."""
    return request.POST if request.method == "POST" else None


def handed_in(request: HttpRequest) -> Any:
    """The files of a form, likewise."""
    return request.FILES if request.method == "POST" else None


def serve_act(
    request: HttpRequest,
    form: forms.Form,
    act: Act,
    do: Callable[[], object],
    *,
    template: str = "ui/act.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or do the act with it. ``template`` extends ``ui/act.html``, which has blocks for crumbs and for what
    stands beside the form."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.done)
            return redirect(act.back)
    return render(request, template, {"form": form, "act": act, **context}, status=422 if form.errors else 200)
