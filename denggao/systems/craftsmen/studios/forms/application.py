"""The application for a studio, and the report for its evaluation, section by section. Version 1. Money in yuan, areas in square
metres."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from denggao.engines.cases.fields import FilesField, RowsField
from denggao.systems.craftsmen.studios import columns

PAPERS = ("pdf", "png", "jpeg")


def _long(label: Any, rows: int = 5, *, required: bool = True, help_text: Any = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class StudioForm(forms.Form):
    """What the studio is called, who leads it, and where it is."""

    name_zh = forms.CharField(label=gettext_lazy("Name of the studio"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=160, required=False)
    leader = forms.CharField(
        label=gettext_lazy("Leading craftsman"),
        max_length=60,
        help_text=gettext_lazy("One of your craftsmen in force, by the number of the certificate. Leads no other studio."),
    )
    purpose = _long(gettext_lazy("What the studio is for"), help_text=gettext_lazy("Becomes public with the naming."))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, help_text=gettext_lazy("Address and room."))
    floor_area_m2 = forms.DecimalField(label=gettext_lazy("Floor area (m²)"), min_value=Decimal(1), max_digits=8, decimal_places=1)
    equipment = _long(gettext_lazy("Equipment"), 4, required=False, help_text=gettext_lazy("What stands there, one a line."))
    pictures = FilesField(label=gettext_lazy("Pictures and papers"), taken=PAPERS, required=False, most=10)


class MembersForm(forms.Form):
    """Who is to work in it. Personal data: names and numbers of documents."""

    members = RowsField(
        label=gettext_lazy("Members and learners"),
        columns=columns.MEMBERS,
        most=60,
        help_text=gettext_lazy("Without the leader. Each is asked to say yes once the studio is named."),
    )


class PlanForm(forms.Form):
    """What it means to do in the two years in which it is built up."""

    planned_projects = _long(gettext_lazy("Projects of the two years"), 6)
    planned_learners = forms.IntegerField(label=gettext_lazy("Learners in the two years"), min_value=1, max_value=500)
    targets = _long(
        gettext_lazy("Targets"), 5, help_text=gettext_lazy("What is to be there after two years, so that it can be told.")
    )


class SupportForm(forms.Form):
    """What the employer gives."""

    funds_yuan = forms.DecimalField(
        label=gettext_lazy("Funds for the two years (yuan)"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    hours_a_week = forms.IntegerField(label=gettext_lazy("Working hours a week for the studio"), min_value=1, max_value=60)
    promise = FilesField(
        label=gettext_lazy("Written promise of the employer"), taken=PAPERS, most=3, help_text=gettext_lazy("Signed or sealed.")
    )


class ReportForm(forms.Form):
    """What the studio says of the span that is evaluated. What the platform knows itself is shown beside it, and is not typed."""

    report = _long(gettext_lazy("What was done"), 10, most=8000, help_text=gettext_lazy("Projects, results, people taught."))
    targets_met = _long(gettext_lazy("Which targets were met, and which not"), 6)
    support_given = _long(gettext_lazy("What the employer gave"), 4, help_text=gettext_lazy("Funds spent, hours, room."))
    papers = FilesField(label=gettext_lazy("Papers"), taken=PAPERS, required=False, most=10)
