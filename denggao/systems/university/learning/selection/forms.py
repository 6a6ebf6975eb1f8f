"""The application for a seat, version 1; and the school's form of choosing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.fields import FilesField


class SeatForm(forms.Form):
    """Why, and with what behind one. Personal data: whatever is written."""

    why = forms.CharField(
        label=_("Why you want this seat"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you will do with what you learn."),
    )
    background = forms.CharField(
        label=_("What you bring"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your work, your certificates, what you have done in this field. No identity numbers."),
    )
    papers = FilesField(
        label=_("Papers"), taken=("pdf", "png", "jpeg"), most=5, required=False, help_text=_("Recommendation, certificates, works.")
    )


class ReasonsForm(forms.Form):
    """What is said to those who are chosen, and to those who are not."""

    yes = forms.CharField(
        label=_("To those who are chosen"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    no = forms.CharField(
        label=_("To those who are not"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Each reads it as the reason."),
    )  # fmt: skip
