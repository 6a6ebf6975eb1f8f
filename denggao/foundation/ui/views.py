"""The living component page: every component as the pages use it, in demo mode."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET


class SampleForm(forms.Form):
    """One field of each kind, filled so that the page shows a mistake."""

    organisation = forms.CharField(label=_("Name of the organisation"), help_text=_("As on its business licence."))
    number = forms.CharField(label=_("Identity number"))
    level = forms.ChoiceField(label=_("Level reached"), choices=[("4", "四级/中级工"), ("3", "三级/高级工")])
    proven_on = forms.DateField(label=_("Proven on"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    grade = forms.ChoiceField(label=_("Proof"), widget=forms.RadioSelect, choices=[("d", _("Declared")), ("c", _("Confirmed"))])
    agreed = forms.BooleanField(label=_("I compared it with the original and agree that a record is kept"))

    def clean_number(self) -> str:
        raise forms.ValidationError(_("The 18th character does not fit the others. Compare it with the document; X is a capital."))


@login_not_required
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    form = SampleForm(
        {
            "organisation": "沧屿微电子有限公司",
            "number": "310230199001016612",
            "level": "3",
            "proven_on": "2022-09-29",
            "grade": "d",
            "agreed": "on",
        }
    )
    return render(request, "ui/components.html", {"form": form, **_samples()})


def _samples() -> dict[str, Any]:
    return {
        "steps": [
            {"label": _("Upload"), "note": "", "state": "done"},
            {"label": _("Columns"), "note": "", "state": "done"},
            {"label": _("Preview"), "note": _("in progress"), "state": "now"},
            {"label": _("Import"), "note": "", "state": ""},
        ],
        "moments": [
            {"title": _("Under review"), "text": "", "when": "2022-09-08 11:05", "state": "now"},
            {"title": _("Accepted"), "text": "顾嘉树", "when": "2022-09-08 11:05", "state": "ok"},
            {"title": _("Returned once"), "text": "", "when": "2022-09-05 09:30", "state": "bad"},
        ],
        "chain": [
            {
                "kind": "certificate",
                "title": _("Certificate"),
                "lines": [(_("Number"), "S000031******7742"), (_("Level"), "三级/高级工")],
            },
            {"kind": "employment", "title": _("Employed on that day"), "lines": [(_("Employer"), "翎川航空制造有限公司（演示）")]},
            {
                "kind": "sheet",
                "title": _("Row of the sheet"),
                "lines": [(_("File"), "2022年第三季度认定合格名单.xlsx"), (_("Row"), "118")],
            },
            {"kind": "ledger", "title": _("Audit seal"), "lines": [(_("Record"), "7840"), (_("Root"), "9f3c77a0 51be04d2")]},
        ],
        "facts": [(_("Employer"), "翎川航空制造有限公司（演示）"), (_("Hired"), "2019-07-01"), (_("Post"), "")],
        "tabs": [
            {"label": _("All"), "url": "?", "on": True, "count": 14},
            {"label": _("To check"), "url": "?", "on": False, "count": 5},
            {"label": _("Done"), "url": "?", "on": False, "count": None},
        ],
        "today": dt.date(2022, 10, 10),
        "colours": ["ink", "slate", "lake", "verm", "gold", "jade", "amber", "crim", "mist", "paper", "laket", "goldt"],
        "terraces": [f"terrace-{number}" for number in range(1, 7)],
    }
